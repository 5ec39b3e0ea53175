"""Lines that go leave finding as well, and a conversation that goes finds its lines by itself."""

from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION desk_search_entries_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO desk_searchdue (office_number, conversation_number, inquiry_number)
    SELECT DISTINCT office_id, conversation_id, inquiry_id FROM gone;
  RETURN NULL;
END $$;
CREATE TRIGGER desk_search_entries_gone AFTER DELETE ON desk_entry
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION desk_search_entries_gone();
"""
BACKWARD = """
DROP TRIGGER desk_search_entries_gone ON desk_entry;
DROP FUNCTION desk_search_entries_gone();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0015_fewer_indexes"),
        ("offices", "0006_fewer_indexes"),
        ("whatsapp", "0012_fewer_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RemoveIndex(
            model_name="entry",
            name="entry_thread",
        ),
        migrations.RemoveIndex(
            model_name="inquiry",
            name="inquiry_conversation",
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["conversation", "office", "-at", "-id"], name="entry_thread"),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(fields=["conversation", "office", "-id"], name="inquiry_conversation"),
        ),
    ]
