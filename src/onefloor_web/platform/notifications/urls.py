"""Addresses of notifications and webhooks."""

from django.urls import path

from onefloor_web.platform.notifications import views

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/<int:number>/", views.notification, name="notification"),
    path("notifications/readings/", views.readings, name="notification_readings"),
    path("notifications/preferences/", views.preferences, name="notification_preferences"),
    path("webhooks/", views.webhook_list, name="webhooks"),
    path("webhooks/new/", views.webhook_new, name="webhook_new"),
    path("webhooks/<int:number>/", views.webhook, name="webhook"),
    path("webhooks/<int:number>/change/", views.webhook_change, name="webhook_change"),
    path("webhooks/<int:number>/removal/", views.webhook_removal, name="webhook_removal"),
    path("webhooks/<int:number>/tests/", views.tests, name="webhook_tests"),
    path("webhooks/<int:number>/disabling/", views.disabling, name="webhook_disabling"),
    path("webhooks/<int:number>/enabling/", views.enabling, name="webhook_enabling"),
    path("deliveries/<int:number>/", views.delivery, name="delivery"),
    path("deliveries/<int:number>/redelivery/", views.redelivery, name="delivery_redelivery"),
]
