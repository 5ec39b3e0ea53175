import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("offices", "0001_initial"), ("whatsapp", "0010_adopting")]

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("user_id", models.CharField(blank=True, max_length=140)),
                ("wanted", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "Due"), ("done", "Done"), ("refused", "Refused")],
                        default="due",
                        max_length=8,
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=24)),
                ("next_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="whatsapp.line"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="offices.office"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("state", "due")), fields=["next_at"], name="block_due")],
                "constraints": [models.UniqueConstraint(fields=("line", "phone", "user_id"), name="block_once")],
            },
        ),
    ]
