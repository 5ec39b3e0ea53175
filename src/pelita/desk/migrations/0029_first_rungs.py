"""The two rungs of the first response, for offices whose ladder became rows before practice had them."""

from django.db import migrations
from django.db.models.functions import Least, Now

FIRST = ({"when": "at", "term": "", "to": "admin"}, {"when": "after", "term": "1d", "to": "deputy"})


def add_first(apps, _schema_editor):
    """An office without any row goes by practice. What is over by now is not told any more, what comes is."""
    rules, inquiries = apps.get_model("desk", "ReminderRule"), apps.get_model("desk", "Inquiry")
    own = rules.objects.order_by("office").values_list("office", flat=True).distinct()
    offices = sorted(set(own) - set(own.filter(deadline="first")))
    rules.objects.bulk_create(rules(office_id=one, deadline="first", **rung) for one in offices for rung in FIRST)
    silent = inquiries.objects.filter(office__in=offices, due_at__isnull=False, first_response_at__isnull=True)
    silent.filter(first_due_at__isnull=False).update(remind_at=Least("remind_at", Now()))


class Migration(migrations.Migration):
    dependencies = [("desk", "0028_outside_numbers")]

    operations = [migrations.RunPython(add_first, migrations.RunPython.noop)]
