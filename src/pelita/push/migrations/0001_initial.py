import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import pelita.base.crypto


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("offices", "0006_fewer_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("endpoint", pelita.base.crypto.SealedField()),
                ("endpoint_hash", models.CharField(max_length=64, unique=True)),
                ("p256dh", models.BinaryField(help_text="The browser's public key, 65 bytes")),
                ("auth", pelita.base.crypto.SealedField(help_text="16 bytes that browser and office share, base64url")),
                (
                    "words",
                    models.CharField(
                        help_text="What the officer knows it by, such as 'Chrome di Android'", max_length=60
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("ok_at", models.DateTimeField(help_text="Its push service last took something", null=True)),
                (
                    "failed_at",
                    models.DateTimeField(help_text="Nothing was taken since; cleared by the next success", null=True),
                ),
                ("test_at", models.DateTimeField(help_text="The officer wants to see whether it works", null=True)),
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
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("test_at__isnull", False)), fields=["test_at"], name="device_test")
                ],
            },
        ),
    ]
