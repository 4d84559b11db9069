from django.db import migrations

REFUSE = """
CREATE FUNCTION consent_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('parcours.erasing', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the ledger of consents is append-only: % is refused', TG_OP;
END $$;
CREATE TRIGGER consent_append_only BEFORE UPDATE OR DELETE ON customers_consent
    FOR EACH ROW EXECUTE FUNCTION consent_is_append_only();
"""
ALLOW = "DROP TRIGGER consent_append_only ON customers_consent; DROP FUNCTION consent_is_append_only();"


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_privacy")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
