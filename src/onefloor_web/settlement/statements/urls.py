"""Addresses of statements."""

from django.urls import path, re_path

from onefloor_web.settlement.statements import acts, views

PLACE = r"^statements/(?P<period>\d{4}-\d{2})/(?P<code>[\w-]+)/"

urlpatterns = [
    path("statements/", views.statements, name="statements"),
    path("statements/run/", acts.run, name="statements_run"),
    path("statements/chain/", views.chain, name="statements_chain"),
    path("statements/adjustments/", views.adjustments, name="statements_adjustments"),
    re_path(PLACE + r"$", views.statement, name="statement"),
    re_path(PLACE + r"signature/$", acts.signature, name="statement_signature"),
    re_path(PLACE + r"verification/$", acts.verification, name="statement_verification"),
    re_path(PLACE + r"file\.(?P<kind>json|pdf|xlsx|zip)$", acts.file, name="statement_file"),
]
