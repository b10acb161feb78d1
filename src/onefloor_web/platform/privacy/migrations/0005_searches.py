"""Searches for contacts are a kind of their own in the access log."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The kind."""

    dependencies = [
        ("companies", "0004_names_not_in_history"),
        ("privacy", "0004_walls_of_exits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="access",
            name="access_kind_known",
        ),
        migrations.AlterField(
            model_name="access",
            name="kind",
            field=models.CharField(
                choices=[
                    ("contact", "One contact"),
                    ("rows", "Rows behind a figure"),
                    ("search", "Search for contacts"),
                    ("export", "Rows taken out as a file"),
                    ("quarantine", "Lines as they came, in quarantine"),
                ],
                max_length=12,
                verbose_name="What",
            ),
        ),
        migrations.AddConstraint(
            model_name="access",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["contact", "rows", "search", "export", "quarantine"])),
                name="access_kind_known",
            ),
        ),
    ]
