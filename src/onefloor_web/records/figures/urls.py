"""Addresses of figures."""

from django.urls import path

from onefloor_web.records.figures import views

FIGURE = "figures/<str:reference>/<str:span>/"

urlpatterns = [
    path(FIGURE, views.figure, name="figure"),
    path(f"{FIGURE}rows/", views.rows, name="figure-rows"),
    path(f"{FIGURE}rows.<str:kind>", views.export, name="figure-export"),
]
