"""Addresses of drafts; they come before those of agreements, whose codes may not be ``drafts``."""

from django.urls import path

from onefloor_web.agreements.drafts import views
from onefloor_web.agreements.drafts.editor import changes, draft, parts, replays, text

urlpatterns = [
    path("agreements/drafts/", views.drafts, name="drafts"),
    path("agreements/drafts/new/", views.new, name="draft-new"),
    path("agreements/drafts/<int:number>/", draft, name="draft"),
    path("agreements/drafts/<int:number>/parts/", parts, name="draft-parts"),
    path("agreements/drafts/<int:number>/text/", text, name="draft-text"),
    path("agreements/drafts/<int:number>/changes/", changes, name="draft-changes"),
    path("agreements/drafts/<int:number>/replays/", replays, name="draft-replays"),
    path("agreements/drafts/<int:number>/comments/", views.comments, name="draft-comments"),
    path(
        "agreements/drafts/<int:number>/comments/<int:comment>/resolution/", views.resolution, name="draft-resolution"
    ),
    path("agreements/drafts/<int:number>/copies/", views.copies, name="draft-copies"),
    path("agreements/drafts/<int:number>/sharing/", views.sharing, name="draft-sharing"),
    path("agreements/drafts/<int:number>/discarding/", views.discarding, name="draft-discarding"),
    path("agreements/drafts/<int:number>/proposal/", views.proposal, name="draft-proposal"),
    path("agreements/drafts/<int:number>/agreement.yaml", views.download, name="draft-file"),
]
