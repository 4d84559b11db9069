from django.db import migrations


def _same_journey(table: str, column: str, axis: str) -> migrations.RunSQL:
    """The row's stage or lane is of the row's own journey."""
    name = f"{table}_{column}_of_its_journey"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}_id, journey_id)"
        f" REFERENCES {axis} (id, journey_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("canvas", "0001_initial")]

    operations = [
        _same_journey("canvas_card", "stage", "canvas_stage"),
        _same_journey("canvas_card", "lane", "canvas_lane"),
        _same_journey("canvas_touchpoint", "stage", "canvas_stage"),
    ]
