import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What somebody copied by hand into the catalogue of the office's phone."""

    dependencies = [("catalog", "0003_service_import"), ("offices", "0007_catalog_questions")]

    operations = [
        migrations.CreateModel(
            name="CopiedItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="Of the version that was copied")),
                ("copied_at", models.DateTimeField()),
                (
                    "copied_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.officer",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.office",
                    ),
                ),
                (
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.service"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["office", "service"], name="copied_office")]},
        ),
    ]
