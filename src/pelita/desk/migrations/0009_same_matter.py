from django.db import migrations, models
from django.db.models import deletion


class Migration(migrations.Migration):
    dependencies = [("desk", "0008_deadlines")]

    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="same_as",
            field=models.ForeignKey(
                help_text="About the same; of another citizen",
                null=True,
                on_delete=deletion.PROTECT,
                related_name="+",
                to="desk.inquiry",
            ),
        ),
    ]
