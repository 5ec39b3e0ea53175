from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether questions from items of WhatsApp's catalogue go to their sections by themselves."""

    dependencies = [("offices", "0006_fewer_indexes")]

    operations = [
        migrations.AddField(
            model_name="office",
            name="catalog_questions",
            field=models.BooleanField(
                default=True,
                help_text="A question from an item of WhatsApp's catalogue goes to its section by itself",
            ),
        ),
    ]
