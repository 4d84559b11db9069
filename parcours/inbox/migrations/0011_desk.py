import django.db.models.deletion
from django.db import migrations, models

import parcours.core.ids


class Migration(migrations.Migration):
    dependencies = [("inbox", "0010_webhooks")]

    operations = [
        migrations.CreateModel(
            name="ReplyUse",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("topic", models.CharField(max_length=80)),
                ("times", models.PositiveIntegerField(default=0)),
                (
                    "reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="used",
                        to="inbox.quickreply",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("reply", "topic"), name="one_use_a_topic")]
            },
        ),
        migrations.CreateModel(
            name="MeaningMatch",
            fields=[
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="inbox.conversation",
                    ),
                ),
                ("message_id", models.UUIDField()),
                ("scores", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("texts", models.JSONField(default=dict)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inbox.channelaccount",
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("brand", "person", "account"),
                        name="one_signature_a_mailbox",
                        nulls_distinct=False,
                    )
                ]
            },
        ),
    ]
