"""Indexes for the lists of what nobody took."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("whatsapp", "0006_template_sync")]

    operations = [
        migrations.AddIndex(
            model_name="body",
            index=models.Index(condition=models.Q(("state", "quarantined")), fields=["-id"], name="body_quarantined"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("state__in", ["kept", "dead"])), fields=["office", "-id"], name="item_left"
            ),
        ),
    ]
