"""What time it is for the triggers: the database's own clock, which nobody who writes rows can set."""

from django.db import migrations

FORWARD = """
create function wall_clock() returns timestamptz language sql volatile as 'select clock_timestamp()';
comment on function wall_clock() is 'the time that triggers go by';
"""


class Migration(migrations.Migration):
    """The clock."""

    dependencies = [("tenancy", "0001_cache")]
    operations = [migrations.RunSQL(FORWARD, "drop function wall_clock()")]
