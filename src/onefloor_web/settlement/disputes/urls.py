"""Addresses of disputes."""

from django.urls import path, re_path

from onefloor_web.settlement.disputes import credit_views, views

LINE = r"^statements/(?P<month>\d{4}-\d{2})/(?P<code>[\w-]+)/lines/(?P<number>\d{1,6})/dispute/"

urlpatterns = [
    path("credit-notes/", credit_views.listing, name="credit_notes"),
    path("credit-notes/<int:number>/", credit_views.credit_note, name="credit_note"),
    path("credit-notes/<int:number>/document/", credit_views.document, name="credit_note_document"),
    path("disputes/", views.listing, name="disputes"),
    re_path(LINE + r"$", views.dispute, name="dispute"),
    re_path(LINE + r"claim/sending/$", views.claim_sending, name="dispute_claim_sending"),
    re_path(LINE + r"answer/sending/$", views.answer_sending, name="dispute_answer_sending"),
    re_path(LINE + r"agreements/(?P<answer>\d{1,18})/$", views.agreement, name="dispute_agreement"),
    re_path(LINE + r"withdrawal/$", views.withdrawal, name="dispute_withdrawal"),
    re_path(LINE + r"escalation/$", views.escalation, name="dispute_escalation"),
    re_path(LINE + r"messages/$", views.message, name="dispute_message"),
    re_path(LINE + r"files/(?P<attachment>\d{1,18})/removal/$", views.file_removal, name="dispute_file_removal"),
]
