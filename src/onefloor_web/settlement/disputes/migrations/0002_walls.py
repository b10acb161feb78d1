"""Row-level security of disputes, and what they forbid to statements."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect
from onefloor_web.settlement.disputes.rules import NONE_OPEN

LINE, CLAIM, DISPUTE, ANSWER = "statements_line", "disputes_claim", "disputes_dispute", "disputes_answer"
ON_STATEMENTS = f"""
{NONE_OPEN};
create trigger not_while_disputed before update on statements_statement for each row
    execute function disputes_none_open()
"""


class Migration(migrations.Migration):
    """The walls, and a trigger on statements."""

    dependencies = [("disputes", "0001_initial"), ("statements", "0002_walls")]
    operations = [
        protect(CLAIM, Tenancy.AUTHORED, safe={"line_id": LINE}),
        protect("disputes_claimevent", Tenancy.AUTHORED),
        protect(ANSWER, Tenancy.AUTHORED, safe={"dispute_id": DISPUTE}),
        protect("disputes_answerevent", Tenancy.AUTHORED),
        protect("disputes_message", Tenancy.AUTHORED, safe={"dispute_id": DISPUTE}),
        protect("disputes_messageevent", Tenancy.AUTHORED),
        protect(
            DISPUTE, Tenancy.SHARED,
            safe={"statement_id": "statements_statement", "line_id": LINE, "claim_id": CLAIM, "answer_id": ANSWER},
        ),
        protect("disputes_disputeevent", Tenancy.SHARED),
        migrations.RunSQL(
            ON_STATEMENTS, "drop trigger not_while_disputed on statements_statement; drop function disputes_none_open()"
        ),
    ]  # fmt: skip
