import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Files of services between the look at them and the yes."""

    dependencies = [("catalog", "0002_evaluation"), ("offices", "0007_catalog_questions")]

    operations = [
        migrations.CreateModel(
            name="ServiceImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("filename", models.CharField(max_length=120)),
                ("payload", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "made_by",
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
            ],
            options={"indexes": [models.Index(fields=["office", "made_at"], name="service_import_age")]},
        ),
    ]
