"""Row-level security of drafts and comments; a comment belongs to a draft between the same two companies."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect

VERSIONS = {"base_id": "register_version", "version_id": "register_version"}


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("drafts", "0001_initial"), ("register", "0002_walls")]
    operations = [
        protect("drafts_draft", Tenancy.AUTHORED, safe=VERSIONS),
        protect("drafts_draftevent", Tenancy.AUTHORED),
        protect("drafts_comment", Tenancy.AUTHORED, safe={"draft_id": "drafts_draft"}),
        protect("drafts_commentevent", Tenancy.AUTHORED),
    ]
