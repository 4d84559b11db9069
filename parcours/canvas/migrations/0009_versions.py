import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import parcours.core.clock
import parcours.core.ids

# What stood on a canvas at some moment stays as it was; only a whole brand's erasure may let go of it.
REFUSE = """
CREATE FUNCTION versions_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('parcours.erasing', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a version of a canvas never changes: % is refused', TG_OP;
END $$;
CREATE TRIGGER canvas_version_immutable BEFORE UPDATE OR DELETE ON canvas_version
    FOR EACH ROW EXECUTE FUNCTION versions_are_immutable();
"""
ALLOW = "DROP TRIGGER canvas_version_immutable ON canvas_version; DROP FUNCTION versions_are_immutable();"


class Migration(migrations.Migration):
    dependencies = [("canvas", "0008_comments"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("kept", "Kept"),
                            ("signed-off", "Signed off in a review"),
                            ("before-restore", "Before an earlier version was brought back"),
                            ("before-import", "Before a file was read over it"),
                            ("before-proposals", "Before many proposals were accepted"),
                        ],
                        default="kept",
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("content", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("author_id", models.UUIDField(null=True)),
                ("author", models.CharField(max_length=160)),
                ("at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="canvas.journey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("journey", "number"), name="one_number_a_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="approval",
                        serialize=False,
                        to="canvas.version",
                    ),
                ),
                ("approver_label", models.CharField(max_length=160)),
                ("asked_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("approved", "Approved"), ("declined", "Declined")],
                        max_length=10,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=1000)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "approver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
