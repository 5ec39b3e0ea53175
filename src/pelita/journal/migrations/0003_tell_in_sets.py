"""One notification for each office and statement instead of one for each fact; its payload lists their ids.

A payload holds less than 8,000 bytes, so long lists are told in parts.
"""

from django.db import migrations

FORWARD = """
DROP TRIGGER journal_fact_told ON journal_fact;
DROP FUNCTION journal_fact_tell();
CREATE FUNCTION journal_facts_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('pelita_journal', office_id || ':' || string_agg(id::text, ',' ORDER BY id)) FROM (
    SELECT office_id, id, (row_number() OVER (PARTITION BY office_id ORDER BY id) - 1) / 350 AS part FROM added
  ) AS numbered GROUP BY office_id, part;
  RETURN NULL;
END $$;
CREATE TRIGGER journal_facts_told AFTER INSERT ON journal_fact
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION journal_facts_tell();
"""
BACKWARD = """
DROP TRIGGER journal_facts_told ON journal_fact;
DROP FUNCTION journal_facts_tell();
CREATE FUNCTION journal_fact_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('pelita_journal', NEW.office_id || ':' || NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER journal_fact_told AFTER INSERT ON journal_fact
  FOR EACH ROW EXECUTE FUNCTION journal_fact_tell();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
