from django.db import migrations, models


class Migration(migrations.Migration):
    """A section's finished inquiries, newest first: without it the tab walks all of the office."""

    dependencies = [("desk", "0020_inquiry_service")]

    operations = [
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(
                condition=models.Q(("state", "closed")),
                fields=["office", "section", "-closed_at", "-id"],
                name="inquiry_section_done",
            ),
        ),
    ]
