"""Addresses of jobs."""

from django.urls import path

from onefloor_web.platform.jobs import views

urlpatterns = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<int:number>/", views.job, name="job"),
    path("jobs/<int:number>/progress/", views.progress, name="job_progress"),
    path("jobs/<int:number>/cancellation/", views.cancellation, name="job_cancellation"),
    path("jobs/<int:number>/attempts/", views.attempts, name="job_attempts"),
]
