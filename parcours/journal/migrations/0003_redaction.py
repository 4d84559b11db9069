from django.db import migrations

# Who did what, when and to what stays for ever; only the words of an entry may be blacked out, and only by an
# erasure, which leaves an entry of its own.
REDACT = """
CREATE OR REPLACE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('parcours.erasing', true) = 'on'
        AND to_jsonb(NEW) - 'data' = to_jsonb(OLD) - 'data' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the journal is append-only: % is refused', TG_OP;
END $$;
"""
REFUSE = """
CREATE OR REPLACE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % is refused', TG_OP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]
    operations = [migrations.RunSQL(REDACT, REFUSE)]
