"""Addresses of the client's duties."""

from django.urls import path

from onefloor_web.agreements.duties import views

urlpatterns = [
    path("duties/", views.all_duties, name="duties"),
    path("agreements/<slug:code>/duties/", views.duties, name="agreement_duties"),
    path("agreements/<slug:code>/duties/new/", views.duty_new, name="duty_new"),
    path("duties/<int:number>/", views.duty, name="duty"),
    path("duties/<int:number>/delivery/", views.duty_delivery, name="duty_delivery"),
    path("duties/<int:number>/confirmation/", views.duty_confirmation, name="duty_confirmation"),
    path("duties/<int:number>/objection/", views.duty_objection, name="duty_objection"),
    path("duties/<int:number>/resolution/", views.duty_resolution, name="duty_resolution"),
    path("duties/<int:number>/withdrawal/", views.duty_withdrawal, name="duty_withdrawal"),
]
