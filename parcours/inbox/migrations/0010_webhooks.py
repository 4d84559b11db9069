import django.contrib.postgres.fields
import django.db.models.deletion
import parcours.core.clock
import parcours.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0009_routing"),
    ]

    operations = [
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("url", models.CharField(max_length=1000)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list, size=None
                    ),
                ),
                ("with_text", models.BooleanField(default=False)),
                ("secret", models.TextField()),
                ("old_secret", models.TextField(blank=True)),
                ("old_until", models.DateTimeField(null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                ("removed_at", models.DateTimeField(null=True)),
                ("off_since", models.DateTimeField(null=True)),
                ("off_why", models.CharField(blank=True, max_length=16)),
                ("failing_since", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("at", models.DateTimeField(default=parcours.core.clock.now)),
                ("channel", models.CharField(blank=True, max_length=16)),
                ("conversation_id", models.UUIDField(null=True)),
                ("contact_id", models.UUIDField(null=True)),
                ("message_id", models.UUIDField(null=True)),
                ("data", models.JSONField(default=dict)),
                (
                    "brand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.brand",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("sent", "Delivered"), ("dead", "Given up")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(default=parcours.core.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="inbox.webhookendpoint",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="inbox.webhookevent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookTry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=parcours.core.clock.now)),
                ("seconds", models.FloatField(default=0)),
                ("answered", models.PositiveSmallIntegerField(null=True)),
                ("answer", models.TextField(blank=True)),
                ("fault", models.CharField(blank=True, max_length=300)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="inbox.webhookdelivery",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NightlyCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("began_at", models.DateTimeField(default=parcours.core.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                ("since", models.DateTimeField()),
                ("looked_at", models.JSONField(default=dict)),
                ("findings", models.JSONField(default=list)),
                (
                    "brand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.brand",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["brand", "-began_at"], name="nightly_check_newest")],
            },
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(fields=["brand", "at"], name="webhook_event_by_age"),
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(fields=["conversation_id"], name="webhook_event_of_talk"),
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(fields=["contact_id"], name="webhook_event_of_contact"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["endpoint", "-id"], name="webhook_delivery_newest"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                condition=models.Q(("status", "waiting")), fields=["next_try_at"], name="webhook_delivery_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(fields=("endpoint", "event"), name="one_delivery_an_endpoint"),
        ),
    ]
