"""Addresses of requests."""

from django.urls import path

from onefloor_web.trust.requests import route_views, views

ONE = "requests/<int:number>/"
urlpatterns = [
    path("requests/", views.board, name="requests"),
    path("requests/new/", views.request_new, name="request_new"),
    path("requests/routes/", route_views.routes, name="request_routes"),
    path("requests/routes/<int:number>/removal/", route_views.route_removal, name="request_route_removal"),
    path(ONE, views.one_request, name="request"),
    path(f"{ONE}questions/", views.request_question, name="request_question"),
    path(f"{ONE}replies/", views.request_reply, name="request_reply"),
    path(f"{ONE}answers/", views.request_answer, name="request_answer"),
    path(f"{ONE}acceptance/", views.request_acceptance, name="request_acceptance"),
    path(f"{ONE}return/", views.request_return, name="request_return"),
    path(f"{ONE}closing/", views.request_closing, name="request_closing"),
    path(f"{ONE}withdrawal/", views.request_withdrawal, name="request_withdrawal"),
    path(f"{ONE}notes/", views.request_note, name="request_note"),
    path(f"{ONE}handler/", route_views.request_handler, name="request_handler"),
]
