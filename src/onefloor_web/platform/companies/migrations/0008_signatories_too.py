from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0007_history_by_its_trigger"),
    ]

    operations = [
        migrations.AlterField(
            model_name="company",
            name="second_factor",
            field=models.CharField(
                choices=[("managers", "Administrators, managers and signatories"), ("everybody", "Everybody")],
                default="managers",
                max_length=10,
                verbose_name="Second factor at sign-in",
            ),
        ),
        migrations.AlterField(
            model_name="companyevent",
            name="second_factor",
            field=models.CharField(
                choices=[("managers", "Administrators, managers and signatories"), ("everybody", "Everybody")],
                default="managers",
                max_length=10,
                verbose_name="Second factor at sign-in",
            ),
        ),
    ]
