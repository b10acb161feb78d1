"""Addresses of accounts; those of sign-in are in ``sign_in_urls``."""

from django.urls import path

from onefloor_web.platform.accounts import views

urlpatterns = [
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/invitations/", views.invite, name="invite"),
    path("accounts/<int:number>/", views.account, name="account"),
    path("accounts/<int:number>/change/", views.change, name="account_change"),
    path("accounts/<int:number>/links/", views.send_link, name="account_link"),
    path("accounts/<int:number>/closing/", views.close, name="account_close"),
    path("accounts/<int:number>/opening/", views.reopen, name="account_reopen"),
    path("accounts/<int:number>/second-factor/removal/", views.remove_factor, name="account_remove_factor"),
    path("accounts/<int:number>/roles/", views.add_role, name="account_add_role"),
    path("accounts/<int:number>/roles/<int:role>/end/", views.end_role, name="account_end_role"),
    path("roles/", views.roles, name="roles"),
    path("profile/", views.profile, name="profile"),
]
