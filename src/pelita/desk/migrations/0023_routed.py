import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Hand-overs that nobody made: an item of the catalogue named the section."""

    dependencies = [("desk", "0022_automatic"), ("offices", "0007_catalog_questions")]

    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="routed",
            field=models.BooleanField(default=False, help_text="Went to its section by itself, by a catalogue item"),
        ),
        migrations.AlterField(
            model_name="inquiry",
            name="service",
            field=models.ForeignKey(
                db_index=False,
                help_text="What it is about: asked from its item, or an officer put its requirements into an answer",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.service",
            ),
        ),
        migrations.AlterField(
            model_name="disposition",
            name="given_by",
            field=models.ForeignKey(
                help_text="None: an item of the catalogue",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="offices.officer",
            ),
        ),
    ]
