"""A month that is settled again sets off what its lines cover of a credit."""

from django.db import migrations

from onefloor_web.settlement.disputes.rules import EARNED


class Migration(migrations.Migration):
    """The function that asks what a credit note rests on, written anew."""

    dependencies = [("disputes", "0004_credit_notes"), ("statements", "0004_credits_beside_lines")]
    operations = [migrations.RunSQL(EARNED, migrations.RunSQL.noop)]
