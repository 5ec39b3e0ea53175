from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import CASCADE


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0016_what_goes"),
        ("offices", "0006_fewer_indexes"),
        ("push", "0001_initial"),
        ("whatsapp", "0012_fewer_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="noticedelivery", name="notice_delivery_once"),
        migrations.AddField(
            model_name="noticedelivery",
            name="device",
            field=models.ForeignKey(null=True, on_delete=CASCADE, related_name="+", to="push.device"),
        ),
        migrations.AddConstraint(
            model_name="noticedelivery",
            constraint=models.UniqueConstraint(
                fields=("office", "notice", "channel", "device"), name="notice_delivery_once", nulls_distinct=False
            ),
        ),
    ]
