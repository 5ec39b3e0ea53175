"""Numbers whose items from before they were registered are still to be taken up."""

from django.db import migrations, models
from django.db.models.functions import Now


def look_once(apps, _schema_editor):
    """Until now nothing drove those items again."""
    apps.get_model("whatsapp", "Line").objects.update(adopting_since=Now())


class Migration(migrations.Migration):
    dependencies = [("whatsapp", "0009_failures_and_room")]

    operations = [
        migrations.AddField(
            model_name="line",
            name="adopting_since",
            field=models.DateTimeField(help_text="Items from before it was known are looked for; or null", null=True),
        ),
        migrations.RunPython(look_once, migrations.RunPython.noop),
    ]
