"""What a citizen agreed to, and when, can be added to and never changed or removed."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION news_consent_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'consents are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER news_consent_final BEFORE UPDATE OR DELETE ON news_consent
  FOR EACH ROW EXECUTE FUNCTION news_consent_is_final();
"""
BACKWARD = """
DROP TRIGGER news_consent_final ON news_consent;
DROP FUNCTION news_consent_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("news", "0003_subscriptions_broadcasts")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
