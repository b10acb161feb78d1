"""Addresses of the API and of tokens."""

from django.urls import path

from onefloor_web.platform.api import views
from onefloor_web.platform.api.description import the_api

urlpatterns = [
    path("api/", views.documentation, name="api"),
    path("api/v1/", the_api().urls),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/new/", views.token_new, name="token_new"),
    path("tokens/<int:number>/revocation/", views.token_revocation, name="token_revocation"),
]
