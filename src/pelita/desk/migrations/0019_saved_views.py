"""Saved views."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0018_answers_with_files"),
        ("offices", "0006_fewer_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                (
                    "reach",
                    models.CharField(
                        choices=[("own", "Hanya saya"), ("section", "Satu seksi"), ("office", "Semua petugas")],
                        default="own",
                        max_length=8,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("words", models.CharField(blank=True, max_length=200)),
                ("kind", models.CharField(blank=True, max_length=12)),
                ("state", models.CharField(blank=True, max_length=16)),
                ("due", models.CharField(blank=True, max_length=10)),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("changed_at", models.DateTimeField()),
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
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.section",
                    ),
                ),
                (
                    "shared_with",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.section",
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="offices.village",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("reach", "own"), _negated=True),
                        fields=["office", "reach"],
                        name="saved_view_shared",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("office", "owner", "name"), name="saved_view_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reach", "section"), ("shared_with__isnull", False)),
                            models.Q(models.Q(("reach", "section"), _negated=True), ("shared_with__isnull", True)),
                            _connector="OR",
                        ),
                        name="saved_view_section",
                    ),
                ],
            },
        ),
    ]
