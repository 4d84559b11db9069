from django.db import migrations

PLACE = """
CREATE FUNCTION live_wait_for_the_rest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE live_update SET at = at WHERE id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION live_take_a_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE place bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(
        4606, ('x' || right(NEW.brand_id::text, 8))::bit(32)::int & 2147483647
    );
    place := nextval(pg_get_serial_sequence('live_update', 'id'));
    UPDATE live_update SET id = place WHERE id = NEW.id;
    PERFORM pg_notify('parcours_live', place::text);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER live_wait_for_the_rest AFTER INSERT ON live_update
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION live_wait_for_the_rest();
CREATE CONSTRAINT TRIGGER live_take_a_turn AFTER UPDATE OF at ON live_update
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION live_take_a_turn();
"""
"""When the transaction commits, after everything else that it checks then, a message takes its place: the
brand's publishers wait for each other for as long as a commit lasts, and for nothing else.
"""

UNDO = """
DROP TRIGGER live_take_a_turn ON live_update;
DROP TRIGGER live_wait_for_the_rest ON live_update;
DROP FUNCTION live_take_a_turn();
DROP FUNCTION live_wait_for_the_rest();
"""


class Migration(migrations.Migration):
    dependencies = [("live", "0002_presence")]
    operations = [migrations.RunSQL(PLACE, UNDO)]
