"""Failed messages that a person has put aside leave the list of failures.

And room on the pages of messages and attempts: each is written again several times within seconds (called, answered,
sent, delivered, read), and a version that fits on its page needs no new entries in the indexes.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("whatsapp", "0008_phone_sync")]

    operations = [
        migrations.AddField(
            model_name="outbound",
            name="discarded_at",
            field=models.DateTimeField(help_text="A person has seen that it failed and put it aside", null=True),
        ),
        migrations.RunSQL(
            "ALTER TABLE whatsapp_outbound SET (fillfactor = 60); ALTER TABLE whatsapp_attempt SET (fillfactor = 80)",
            "ALTER TABLE whatsapp_outbound RESET (fillfactor); ALTER TABLE whatsapp_attempt RESET (fillfactor)",
        ),
        migrations.RemoveIndex(model_name="outbound", name="outbound_failed"),
        migrations.AddIndex(
            model_name="outbound",
            index=models.Index(
                condition=models.Q(("discarded_at", None), ("state", "failed")),
                fields=["office", "-failed_at", "-id"],
                name="outbound_failed",
            ),
        ),
    ]
