import django.db.models.deletion
from django.db import migrations, models

# The code stood there before a service could be chosen on the screen.
NAMED = """
UPDATE desk_policy AS p SET service_id = s.id FROM catalog_service AS s
WHERE s.office_id = p.office_id AND s.code = p.service_code AND p.service_code <> ''
"""
# What names a service that does not exist holds for nothing; without its code it would hold for everything.
NAMELESS = "DELETE FROM desk_policy WHERE service_code <> '' AND service_id IS NULL"


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0005_examples"),
        ("desk", "0024_section_memory"),
    ]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="service",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.service"
            ),
        ),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
        migrations.RunSQL(NAMELESS, migrations.RunSQL.noop),
        migrations.AlterModelOptions(
            name="policy", options={"ordering": ["deadline", "kind", "service", "section", "-valid_from"]}
        ),
        migrations.RemoveConstraint(model_name="policy", name="policy_once"),
        migrations.RemoveField(model_name="policy", name="service_code"),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                fields=("office", "deadline", "kind", "service", "section", "valid_from"),
                nulls_distinct=False,
                name="policy_once",
            ),
        ),
    ]
