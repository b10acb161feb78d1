"""The role of those who may sign."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The role."""

    dependencies = [
        ("accounts", "0004_sessions"),
        ("companies", "0004_names_not_in_history"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="assignment",
            name="assignment_role_known",
        ),
        migrations.AlterField(
            model_name="assignment",
            name="role",
            field=models.CharField(
                choices=[
                    ("administrator", "Administrator"),
                    ("vendor_manager", "Vendor manager"),
                    ("project_manager", "Project manager"),
                    ("leader", "Team leader"),
                    ("qa", "QA analyst"),
                    ("trainer", "Trainer"),
                    ("planner", "Planner"),
                    ("signatory", "Signatory"),
                    ("agent", "Agent"),
                    ("executive", "Executive"),
                    ("auditor", "Auditor"),
                ],
                max_length=20,
                verbose_name="Role",
            ),
        ),
        migrations.AlterField(
            model_name="assignmentevent",
            name="role",
            field=models.CharField(
                choices=[
                    ("administrator", "Administrator"),
                    ("vendor_manager", "Vendor manager"),
                    ("project_manager", "Project manager"),
                    ("leader", "Team leader"),
                    ("qa", "QA analyst"),
                    ("trainer", "Trainer"),
                    ("planner", "Planner"),
                    ("signatory", "Signatory"),
                    ("agent", "Agent"),
                    ("executive", "Executive"),
                    ("auditor", "Auditor"),
                ],
                max_length=20,
                verbose_name="Role",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "administrator",
                            "vendor_manager",
                            "project_manager",
                            "leader",
                            "qa",
                            "trainer",
                            "planner",
                            "signatory",
                            "agent",
                            "executive",
                            "auditor",
                        ],
                    )
                ),
                name="assignment_role_known",
            ),
        ),
    ]
