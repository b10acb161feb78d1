"""The table of the cache: counters of sign-in attempts, shared by all processes. Its keys name no company's data."""

from django.db import migrations

FORWARD = """
create unlogged table cache (cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
create index cache_expires on cache (expires);
"""


class Migration(migrations.Migration):
    """The cache."""

    initial = True
    operations = [migrations.RunSQL(FORWARD, "drop table cache")]
