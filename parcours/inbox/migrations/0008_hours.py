import uuid
from datetime import datetime

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import parcours.core.clock
import parcours.core.ids

METRICS = [("first_reply", "First answer"), ("next_reply", "Next answer"), ("resolution", "Resolution")]


def _id() -> "models.UUIDField[uuid.UUID, uuid.UUID]":
    return models.UUIDField(
        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
    )


def _of(to: str, *, indexed: bool = True) -> "models.ForeignKey[models.Model, models.Model]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=to, db_index=indexed
    )


def _revision() -> "models.PositiveIntegerField[int, int]":
    return models.PositiveIntegerField(default=1)


def _created_at() -> "models.DateTimeField[datetime, datetime]":
    return models.DateTimeField(default=parcours.core.clock.now, editable=False)


class Migration(migrations.Migration):
    dependencies = [("inbox", "0007_placing")]

    operations = [
        migrations.CreateModel(
            name="BusinessHours",
            fields=[
                ("id", _id()),
                ("name", models.CharField(max_length=80)),
                ("time_zone", models.CharField(max_length=64)),
                ("spans", models.JSONField(default=dict)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("subdivision", models.CharField(blank=True, max_length=16)),
                ("holidays", models.JSONField(default=dict)),
                ("worked_holidays", models.JSONField(default=list)),
                ("special_days", models.JSONField(default=list)),
                ("is_default", models.BooleanField(default=False)),
                ("revision", _revision()),
                ("created_at", _created_at()),
                ("removed_at", models.DateTimeField(null=True)),
                ("brand", _of("accounts.brand")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(is_default=True, removed_at__isnull=True),
                        fields=("brand",),
                        name="one_default_hours",
                    ),
                    models.UniqueConstraint(
                        condition=Q(removed_at__isnull=True),
                        fields=("brand", "name"),
                        name="one_hours_a_name",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", _id()),
                ("name", models.CharField(max_length=80)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("conditions", models.JSONField(default=dict)),
                ("first_reply", models.PositiveIntegerField(null=True)),
                ("next_reply", models.PositiveIntegerField(null=True)),
                ("resolution", models.PositiveIntegerField(null=True)),
                ("in_business_time", models.BooleanField(default=True)),
                ("pauses", models.BooleanField(default=True)),
                ("warn_at", models.PositiveSmallIntegerField(default=75)),
                ("revision", _revision()),
                ("created_at", _created_at()),
                ("removed_at", models.DateTimeField(null=True)),
                ("brand", _of("accounts.brand")),
            ],
        ),
        migrations.CreateModel(
            name="TargetMark",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("target_id", models.UUIDField()),
                ("metric", models.CharField(choices=METRICS, max_length=12)),
                (
                    "mark",
                    models.CharField(choices=[("warned", "Soon due"), ("missed", "Late")], max_length=8),
                ),
                ("began_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("agent_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField(default=parcours.core.clock.now)),
                ("brand", _of("accounts.brand", indexed=False)),
                ("conversation", _of("inbox.conversation")),
            ],
            options={
                "indexes": [models.Index(fields=["brand", "-at"], name="target_mark_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("conversation", "metric", "mark", "began_at"), name="one_mark_a_waiting"
                    )
                ],
            },
        ),
        migrations.AddField("conversation", "next_reply_due", models.DateTimeField(null=True)),
        migrations.AddField("conversation", "due_at", models.DateTimeField(null=True)),
        migrations.AddField("conversation", "warned_from", models.DateTimeField(null=True)),
        migrations.AddField("conversation", "target_id", models.UUIDField(null=True)),
        migrations.AddField("conversation", "remind_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "conversation",
            models.Index(
                fields=["brand", "due_at", "id"],
                name="conversation_due",
                condition=Q(status="open", due_at__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "conversation",
            models.Index(
                fields=["remind_at"], name="conversation_to_warn", condition=Q(remind_at__isnull=False)
            ),
        ),
    ]
