"""What a credit note rests on: the database asks the dispute."""

from django.db import migrations

from onefloor_web.settlement.disputes.rules import EARNED

ON_ADJUSTMENTS = f"""
{EARNED};
create trigger rests_on_a_ruling before insert on statements_adjustment for each row
    execute function disputes_credit_earned()
"""


class Migration(migrations.Migration):
    """A trigger on adjustments."""

    dependencies = [("disputes", "0003_only_before_signing"), ("statements", "0003_what_adjustments_rest_on")]
    operations = [
        migrations.RunSQL(
            ON_ADJUSTMENTS, "drop trigger rests_on_a_ruling on statements_adjustment; drop function disputes_credit_earned()"
        ),
    ]  # fmt: skip
