import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import parcours.core.clock
import parcours.core.ids


def _id():
    return models.UUIDField(
        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
    )


def _of(to, *, null=False, related_name="+"):
    return models.ForeignKey(
        null=null,
        on_delete=django.db.models.deletion.SET_NULL if null else django.db.models.deletion.CASCADE,
        related_name=related_name,
        to=to,
    )


def _ids():
    return django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)


def _words(length):
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(max_length=length), default=list, size=None
    )


def _made():
    return models.DateTimeField(default=parcours.core.clock.now, editable=False)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("inbox", "0008_hours"),
    ]
    operations = [
        migrations.CreateModel(
            name="RoutingSettings",
            fields=[
                (
                    "brand",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.brand",
                    ),
                ),
                ("assigns", models.BooleanField(default=False)),
                ("sticky", models.BooleanField(default=True)),
                ("revision", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Queue",
            fields=[
                ("id", _id()),
                ("name", models.CharField(max_length=80)),
                ("order", models.PositiveIntegerField(default=0)),
                ("hours_id", models.UUIDField(null=True)),
                ("is_default", models.BooleanField(default=False)),
                (
                    "strategy",
                    models.CharField(
                        choices=[
                            ("least_busy", "whoever has the fewest conversations"),
                            ("longest_idle", "whoever has not been given one for longest"),
                        ],
                        default="least_busy",
                        max_length=12,
                    ),
                ),
                ("answer_within", models.PositiveIntegerField(null=True)),
                ("after_minutes", models.PositiveIntegerField(null=True)),
                ("archived_at", models.DateTimeField(null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", _made()),
                ("brand", _of("accounts.brand")),
                ("overflow_queue", _of("inbox.queue", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("brand",),
                        name="one_default_queue_a_brand",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="QueueMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person", _of(settings.AUTH_USER_MODEL)),
                ("queue", _of("inbox.queue", related_name="members")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("queue", "person"), name="one_member_a_queue")
                ]
            },
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                ("id", _id()),
                ("name", models.CharField(max_length=60)),
                ("created_at", _made()),
                ("brand", _of("accounts.brand")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("brand", "name"), name="one_skill_a_name")]
            },
        ),
        migrations.CreateModel(
            name="AgentProfile",
            fields=[
                ("id", _id()),
                ("languages", _words(8)),
                ("skills", _ids()),
                ("kinds", _words(16)),
                ("capacity", models.PositiveSmallIntegerField()),
                ("most", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("brand", _of("accounts.brand")),
                ("person", _of(settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("brand", "person"), name="one_profile_an_agent")
                ]
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", _id()),
                (
                    "state",
                    models.CharField(
                        choices=[("online", "Online"), ("away", "Away"), ("offline", "Offline")],
                        default="offline",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=80)),
                ("since", models.DateTimeField(default=parcours.core.clock.now)),
                ("seen_at", models.DateTimeField(null=True)),
                ("given_at", models.DateTimeField(null=True)),
                ("brand", _of("accounts.brand")),
                ("person", _of(settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("brand", "person"), name="one_presence_a_person")
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "offline"), _negated=True),
                        fields=["seen_at"],
                        name="presence_to_watch",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoutingRule",
            fields=[
                ("id", _id()),
                ("order", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=80)),
                ("conditions", models.JSONField(default=dict)),
                ("skills", _ids()),
                ("priority", models.SmallIntegerField(null=True)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("enabled", models.BooleanField(default=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", _made()),
                ("brand", _of("accounts.brand")),
                ("queue", _of("inbox.queue", null=True)),
            ],
        ),
        migrations.AddField("conversation", "wanted_skills", _ids()),
        migrations.AddField("conversation", "queued_at", models.DateTimeField(null=True)),
        migrations.AddField("conversation", "offered_at", models.DateTimeField(null=True)),
        migrations.AddField("conversation", "passed_by", _ids()),
        migrations.AddIndex(
            "conversation",
            models.Index(
                condition=models.Q(
                    ("assignee__isnull", True),
                    ("merged_into__isnull", True),
                    ("status", "open"),
                    ("waiting_since__isnull", False),
                ),
                fields=["brand", "-priority", "due_at", "waiting_since", "id"],
                name="conversation_next",
            ),
        ),
    ]
