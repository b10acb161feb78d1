"""Addresses of imports."""

from django.urls import path

from onefloor_web.records.imports import mending_views, views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.new, name="import-new"),
    path("imports/<int:number>/", views.at_its_step, name="import"),
    path("imports/<int:number>/kind/", views.kind, name="import-kind"),
    path("imports/<int:number>/mapping/", views.mapping, name="import-mapping"),
    path("imports/<int:number>/preview/", views.shown_preview, name="import-preview"),
    path("imports/<int:number>/dry-run/", views.trial, name="import-dry-run"),
    path("imports/<int:number>/words/", mending_views.words, name="import-words"),
    path("imports/<int:number>/load/", views.load, name="import-load"),
    path("imports/<int:number>/report/", views.report, name="import-report"),
    path("imports/<int:number>/removal/", views.removal, name="import-removal"),
    path("imports/<int:number>/quarantine/", mending_views.quarantine, name="import-quarantine"),
    path("imports/<int:number>/quarantine/lines/", mending_views.lines, name="import-lines"),
    path("imports/<int:number>/quarantine/<int:nth>/", mending_views.line, name="import-line"),
    path("imports/<int:number>/mendings/", mending_views.mendings, name="import-mendings"),
]
