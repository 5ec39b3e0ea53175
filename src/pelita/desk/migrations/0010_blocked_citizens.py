from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0009_same_matter")]

    operations = [
        migrations.AddIndex(
            model_name="citizen",
            index=models.Index(
                condition=models.Q(("blocked_at__isnull", False)),
                fields=["office", "blocked_at"],
                name="citizen_blocked",
            ),
        ),
    ]
