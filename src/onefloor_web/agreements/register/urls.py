"""Addresses of agreements."""

from django.urls import path

from onefloor_web.agreements.register import noticing, proposing, signing, views

VERSION = "agreements/<slug:code>/versions/<int:number>/"

urlpatterns = [
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/uploads/", proposing.upload, name="agreement_upload"),
    path("agreements/uploads/proposal/", proposing.propose, name="agreement_propose"),
    path("agreements/<slug:code>/", views.agreement, name="agreement"),
    path("agreements/<slug:code>/notice/", noticing.notice, name="agreement_notice"),
    path(VERSION, views.version, name="version"),
    path(f"{VERSION}source/", views.source, name="version_source"),
    path(f"{VERSION}differences/<int:other>/", views.differences, name="version_differences"),
    path(f"{VERSION}withdrawal/", proposing.withdrawal, name="version_withdrawal"),
    path(f"{VERSION}refusal/", proposing.refusal, name="version_refusal"),
    path(f"{VERSION}signatures/", signing.signatures, name="version_signatures"),
    path(f"{VERSION}signatures/new/", signing.sign, name="version_sign"),
    path(f"{VERSION}signatures/envelope/", signing.envelope, name="version_envelope"),
]
