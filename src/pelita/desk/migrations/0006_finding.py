"""Finding: rows with the words of inquiries, the words of an office, and triggers that say which row is out of date.

Triggers, because everything that says something would otherwise have to remember it: messages, notes, corrections,
deletions, names, merging, what is entered by hand. They run in the transaction of the change, so nothing is missed.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

FORWARD = """
-- New lines of a thread: one insert for the whole statement, however many lines it wrote.
CREATE FUNCTION desk_search_entries_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO desk_searchdue (office_number, conversation_number, inquiry_number)
    SELECT DISTINCT office_id, conversation_id, inquiry_id FROM added;
  RETURN NULL;
END $$;
CREATE TRIGGER desk_search_entries_added AFTER INSERT ON desk_entry
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION desk_search_entries_added();

-- A line that moves to another inquiry or conversation changes two rows.
CREATE FUNCTION desk_search_entry_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO desk_searchdue (office_number, conversation_number, inquiry_number) VALUES
    (OLD.office_id, OLD.conversation_id, OLD.inquiry_id), (NEW.office_id, NEW.conversation_id, NEW.inquiry_id);
  RETURN NULL;
END $$;
CREATE TRIGGER desk_search_entry_moved AFTER UPDATE OF conversation_id, inquiry_id ON desk_entry FOR EACH ROW
  WHEN ((OLD.conversation_id, OLD.inquiry_id) IS DISTINCT FROM (NEW.conversation_id, NEW.inquiry_id))
  EXECUTE FUNCTION desk_search_entry_moved();

-- A message or a note is corrected or deleted.
CREATE FUNCTION desk_search_words_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'whatsapp_inbound' THEN
    INSERT INTO desk_searchdue (office_number, conversation_number, inquiry_number)
      SELECT office_id, conversation_id, inquiry_id FROM desk_entry WHERE inbound_id = NEW.id;
  ELSIF TG_TABLE_NAME = 'whatsapp_outbound' THEN
    INSERT INTO desk_searchdue (office_number, conversation_number, inquiry_number)
      SELECT office_id, conversation_id, inquiry_id FROM desk_entry WHERE outbound_id = NEW.id;
  ELSE
    INSERT INTO desk_searchdue (office_number, conversation_number, inquiry_number)
      SELECT office_id, conversation_id, inquiry_id FROM desk_entry WHERE note_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER desk_search_words_changed AFTER UPDATE OF text, revoked_at ON whatsapp_inbound FOR EACH ROW
  WHEN ((OLD.text, OLD.revoked_at) IS DISTINCT FROM (NEW.text, NEW.revoked_at))
  EXECUTE FUNCTION desk_search_words_changed();
CREATE TRIGGER desk_search_words_changed AFTER UPDATE OF text, revoked_at ON whatsapp_outbound FOR EACH ROW
  WHEN ((OLD.text, OLD.revoked_at) IS DISTINCT FROM (NEW.text, NEW.revoked_at))
  EXECUTE FUNCTION desk_search_words_changed();
CREATE TRIGGER desk_search_words_changed AFTER UPDATE OF text ON desk_note FOR EACH ROW
  WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION desk_search_words_changed();

-- What an officer entered by hand stands in the inquiry itself, without a line.
CREATE FUNCTION desk_search_inquiry_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO desk_searchdue (office_number, conversation_number, inquiry_number)
    VALUES (NEW.office_id, NEW.conversation_id, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER desk_search_inquiry_added AFTER INSERT ON desk_inquiry FOR EACH ROW
  WHEN (NEW.question_id IS NULL) EXECUTE FUNCTION desk_search_inquiry_changed();
CREATE TRIGGER desk_search_inquiry_changed AFTER UPDATE OF account, outside_number, citizen_id, conversation_id
  ON desk_inquiry FOR EACH ROW
  WHEN ((OLD.account, OLD.outside_number, OLD.citizen_id, OLD.conversation_id)
    IS DISTINCT FROM (NEW.account, NEW.outside_number, NEW.citizen_id, NEW.conversation_id))
  EXECUTE FUNCTION desk_search_inquiry_changed();

-- A citizen is called differently, or is somebody else: all that the person ever said.
CREATE FUNCTION desk_search_citizen_due(citizen bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO desk_searchdue (office_number, conversation_number, inquiry_number)
    SELECT office_id, conversation_id, id FROM desk_inquiry WHERE citizen_id = citizen
    UNION ALL SELECT office_id, id, NULL FROM desk_conversation WHERE citizen_id = citizen;
$$;
CREATE FUNCTION desk_search_citizen_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM desk_search_citizen_due(NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER desk_search_citizen_changed AFTER UPDATE OF name, book_name, village_id ON desk_citizen FOR EACH ROW
  WHEN ((OLD.name, OLD.book_name, OLD.village_id) IS DISTINCT FROM (NEW.name, NEW.book_name, NEW.village_id))
  EXECUTE FUNCTION desk_search_citizen_changed();
CREATE FUNCTION desk_search_identity_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM desk_search_citizen_due(NEW.citizen_id);
  RETURN NULL;
END $$;
CREATE TRIGGER desk_search_identity_added AFTER INSERT ON desk_identity FOR EACH ROW
  WHEN (NEW.kind IN ('wa_id', 'phone')) EXECUTE FUNCTION desk_search_identity_changed();
CREATE TRIGGER desk_search_identity_changed AFTER UPDATE OF citizen_id, retired_at ON desk_identity FOR EACH ROW
  WHEN ((OLD.citizen_id, OLD.retired_at) IS DISTINCT FROM (NEW.citizen_id, NEW.retired_at))
  EXECUTE FUNCTION desk_search_identity_changed();

-- What was there before.
INSERT INTO desk_searchdue (office_number, conversation_number, inquiry_number)
  SELECT office_id, conversation_id, id FROM desk_inquiry ORDER BY id;
INSERT INTO desk_searchdue (office_number, conversation_number, inquiry_number)
  SELECT DISTINCT office_id, conversation_id, NULL::bigint FROM desk_entry WHERE inquiry_id IS NULL;
"""
BACKWARD = """
DROP TRIGGER desk_search_identity_changed ON desk_identity;
DROP TRIGGER desk_search_identity_added ON desk_identity;
DROP TRIGGER desk_search_citizen_changed ON desk_citizen;
DROP TRIGGER desk_search_inquiry_changed ON desk_inquiry;
DROP TRIGGER desk_search_inquiry_added ON desk_inquiry;
DROP TRIGGER desk_search_words_changed ON desk_note;
DROP TRIGGER desk_search_words_changed ON whatsapp_outbound;
DROP TRIGGER desk_search_words_changed ON whatsapp_inbound;
DROP TRIGGER desk_search_entry_moved ON desk_entry;
DROP TRIGGER desk_search_entries_added ON desk_entry;
DROP FUNCTION desk_search_identity_changed();
DROP FUNCTION desk_search_citizen_changed();
DROP FUNCTION desk_search_citizen_due(bigint);
DROP FUNCTION desk_search_inquiry_changed();
DROP FUNCTION desk_search_words_changed();
DROP FUNCTION desk_search_entry_moved();
DROP FUNCTION desk_search_entries_added();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0005_desk_complete"),
        ("offices", "0002_desk_complete"),
        ("whatsapp", "0010_adopting"),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="SearchDue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("office_number", models.BigIntegerField()),
                ("conversation_number", models.BigIntegerField()),
                ("inquiry_number", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SearchRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(help_text="When the inquiry was opened; the last of messages without one")),
                ("tokens", django.contrib.postgres.search.SearchVectorField()),
                (
                    "conversation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="desk.conversation",
                    ),
                ),
                (
                    "inquiry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="desk.inquiry",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="offices.office"
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["tokens"], name="searchrow_tokens"),
                    models.Index(fields=["office", "-at", "-id"], name="searchrow_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("inquiry__isnull", False)),
                        fields=("office", "inquiry"),
                        name="searchrow_inquiry_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("inquiry__isnull", True)),
                        fields=("office", "conversation"),
                        name="searchrow_rest_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40)),
                ("count", models.IntegerField()),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="offices.office"
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(models.F("word"), name="gin_trgm_ops"),
                        name="searchword_similar",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("office", "word"), name="searchword_once")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
