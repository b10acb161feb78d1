"""Addresses of companies."""

from django.urls import path

from onefloor_web.platform.companies import views

urlpatterns = [
    path("companies/", views.companies, name="companies"),
    path("companies/<int:number>/", views.company, name="company"),
    path("companies/<int:number>/settings/", views.company_settings, name="company_settings"),
    path("sites/<int:number>/change/", views.site_change, name="site_change"),
    path("teams/", views.teams, name="teams"),
    path("teams/<int:number>/", views.team, name="team"),
    path("teams/<int:number>/change/", views.team_change, name="team_change"),
    path("people/", views.people, name="people"),
    path("people/<str:code>/", views.person, name="person"),
]
