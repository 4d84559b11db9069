import django.db.models.deletion
from django.db import migrations, models

import parcours.core.clock
import parcours.core.ids


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_desk")]
    operations = [
        migrations.CreateModel(
            name="ChatSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("visitor", models.CharField(max_length=254)),
                ("language", models.CharField(max_length=8)),
                ("details", models.JSONField(default=dict)),
                ("context", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now)),
                ("seen_at", models.DateTimeField(default=parcours.core.clock.now)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inbox.channelaccount",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "visitor"], name="chat_by_visitor"),
                    models.Index(fields=["seen_at"], name="chat_by_age"),
                ]
            },
        ),
        migrations.CreateModel(
            name="ChatUpload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("media_type", models.CharField(max_length=120)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to="inbox.chatsession",
                    ),
                ),
            ],
        ),
    ]
