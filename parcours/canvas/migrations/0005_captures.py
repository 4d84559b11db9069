import django.db.models.deletion
from django.db import migrations, models

import parcours.core.clock
import parcours.core.ids

DEVICES = [("desktop", "Desktop"), ("phone", "Phone")]
RHYTHMS = [
    ("by-hand", "Only when asked"),
    ("daily", "Every day"),
    ("weekly", "Every week"),
    ("monthly", "Every month"),
]


class Migration(migrations.Migration):
    dependencies = [("canvas", "0004_evidence")]
    operations = [
        migrations.CreateModel(
            name="Capturing",
            fields=[
                (
                    "card",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="canvas.card",
                    ),
                ),
                ("address", models.CharField(max_length=2000)),
                ("device", models.CharField(choices=DEVICES, default="desktop", max_length=8)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("rhythm", models.CharField(choices=RHYTHMS, default="by-hand", max_length=8)),
                ("element", models.CharField(blank=True, max_length=300)),
                ("scroll", models.PositiveIntegerField(default=0)),
                ("wait_for", models.CharField(blank=True, max_length=300)),
                ("dismiss", models.CharField(blank=True, max_length=300)),
                ("ignored", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=20)),
                ("trouble_facts", models.JSONField(default=dict)),
                ("set_by", models.CharField(blank=True, max_length=160)),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)),
                        fields=["next_at"],
                        name="captures_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Capture",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("taken_at", models.DateTimeField(default=parcours.core.clock.now)),
                ("taken_by", models.CharField(blank=True, max_length=160)),
                ("address", models.CharField(max_length=2000)),
                ("device", models.CharField(choices=DEVICES, max_length=8)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("share", models.FloatField(null=True)),
                ("areas", models.JSONField(default=list)),
                ("proposal_id", models.UUIDField(null=True)),
                (
                    "before",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="canvas.picture",
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="canvas.card"
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="canvas.picture"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["card", "-taken_at"], name="captures_of_card")],
            },
        ),
    ]
