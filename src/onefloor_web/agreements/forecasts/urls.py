"""Addresses of locked forecasts."""

from django.urls import path

from onefloor_web.agreements.forecasts import views

LIST = "agreements/<slug:code>/forecast-locks/"
ONE = f"{LIST}<int:number>/"

urlpatterns = [
    path(LIST, views.locks, name="forecast_locks"),
    path(f"{LIST}new/", views.new, name="forecast_lock_new"),
    path(f"{LIST}template.csv", views.template, name="forecast_lock_template"),
    path(ONE, views.lock, name="forecast_lock"),
    path(f"{ONE}rows.csv", views.rows, name="forecast_lock_rows"),
    path(f"{ONE}locking/", views.locking, name="forecast_lock_locking"),
    path(f"{ONE}acknowledgement/", views.acknowledgement, name="forecast_lock_acknowledgement"),
    path(f"{ONE}removal/", views.removal, name="forecast_lock_removal"),
]
