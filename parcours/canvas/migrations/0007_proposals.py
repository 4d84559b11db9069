import django.db.models.deletion
import parcours.core.clock
import parcours.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("canvas", "0006_brand_values"),
    ]

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "journey",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="canvas.journey",
                    ),
                ),
                ("asked_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("generation", models.BigIntegerField(default=0)),
                ("rules_revision", models.PositiveIntegerField(default=0)),
                ("found", models.PositiveIntegerField(default=0)),
                ("told_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="JourneyDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("options", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting its turn"),
                            ("working", "Being drawn"),
                            ("ready", "Ready to look at"),
                            ("stored", "Stored as a journey"),
                            ("dropped", "Let go"),
                            ("failed", "Could not be drawn"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("steps", models.PositiveSmallIntegerField(default=1)),
                ("plan", models.JSONField(null=True)),
                ("problem", models.TextField(blank=True)),
                ("made_by", models.CharField(max_length=160)),
                ("made_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                ("updated_at", models.DateTimeField(default=parcours.core.clock.now)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand"
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="canvas.journey",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=200)),
                ("facts", models.JSONField(default=dict)),
                ("change", models.JSONField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To decide"),
                            ("accepted", "Accepted"),
                            ("dismissed", "Dismissed"),
                            ("lapsed", "No longer true"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("proposed_by", models.CharField(max_length=160)),
                ("proposed_by_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                ("decided_by", models.CharField(blank=True, max_length=160)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("outcome", models.JSONField(null=True)),
                (
                    "card",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="canvas.card",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="canvas.journey",
                    ),
                ),
                (
                    "lane",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="canvas.lane",
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="canvas.picture",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="canvas.stage",
                    ),
                ),
                (
                    "touchpoint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="canvas.touchpoint",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["journey", "state"], name="proposal_by_state"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("journey", "kind", "key"),
                name="one_open_proposal",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "accepted", "dismissed", "lapsed"])),
                name="proposal_state_known",
            ),
        ),
    ]
