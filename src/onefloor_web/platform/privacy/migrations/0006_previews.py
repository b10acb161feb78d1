"""The first lines of a file before it is loaded are a kind of their own in the access log, and bringing files in a purpose."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The kind and the purpose."""

    dependencies = [
        ("privacy", "0005_searches"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="access",
            name="access_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="access",
            name="access_purpose_known",
        ),
        migrations.AlterField(
            model_name="access",
            name="kind",
            field=models.CharField(
                choices=[
                    ("contact", "One contact"),
                    ("rows", "Rows behind a figure"),
                    ("search", "Search for contacts"),
                    ("preview", "First lines of a file that is not loaded yet"),
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
                condition=models.Q(("kind__in", ["contact", "rows", "search", "preview", "export", "quarantine"])),
                name="access_kind_known",
            ),
        ),
        migrations.AlterField(
            model_name="access",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("settlement", "Settlement check"),
                    ("quality", "Quality and coaching"),
                    ("complaint", "Complaint or request of a customer"),
                    ("dispute", "Dispute between the companies"),
                    ("import", "Bringing files in"),
                    ("fault", "Search for a fault in the data"),
                    ("audit", "Audit"),
                ],
                max_length=12,
                verbose_name="What for",
            ),
        ),
        migrations.AddConstraint(
            model_name="access",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("purpose__in", ["settlement", "quality", "complaint", "dispute", "import", "fault", "audit"])
                ),
                name="access_purpose_known",
            ),
        ),
    ]
