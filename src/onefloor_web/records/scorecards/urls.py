"""Addresses of scorecards and saved views."""

from django.urls import path

from onefloor_web.records.scorecards import choosing, comparing, views

urlpatterns = [
    path("scorecards/", views.first, name="scorecards"),
    path("scorecards/<slug:view>/", views.scorecard, name="scorecard"),
    path("scorecards/<slug:view>/metrics/", choosing.metrics, name="scorecard-metrics"),
    path("scorecards/<slug:view>/export.<str:kind>", views.export, name="scorecard-export"),
    path("saved-views/", views.save, name="saved-views"),
    path("saved-views/<int:number>/sharing/", views.share, name="saved-view-sharing"),
    path("saved-views/<int:number>/removal/", views.delete, name="saved-view-removal"),
    path("comparisons/", comparing.comparisons, name="comparisons"),
]
