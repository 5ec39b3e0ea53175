"""Facts can be added, never changed or removed; every added fact wakes those who watch live."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journal_fact_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'journal facts are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_fact_final BEFORE UPDATE OR DELETE ON journal_fact
  FOR EACH ROW EXECUTE FUNCTION journal_fact_is_final();
CREATE FUNCTION journal_fact_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('pelita_journal', NEW.office_id || ':' || NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER journal_fact_told AFTER INSERT ON journal_fact
  FOR EACH ROW EXECUTE FUNCTION journal_fact_tell();
"""
BACKWARD = """
DROP TRIGGER journal_fact_told ON journal_fact;
DROP FUNCTION journal_fact_tell();
DROP TRIGGER journal_fact_final ON journal_fact;
DROP FUNCTION journal_fact_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
