from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("inbox", "0006_social")]
    operations = [
        migrations.AddField("conversation", "looked_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "conversation",
            models.Index(
                fields=["brand", "-created_at"],
                name="conversation_to_place",
                condition=Q(looked_at__isnull=True),
            ),
        ),
        migrations.CreateModel(
            name="ChannelCost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=60)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=9)),
                (
                    "brand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="+",
                        to="accounts.brand",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("brand", "channel"), name="one_cost_a_channel")
                ],
            },
        ),
        migrations.CreateModel(
            name="ChannelAlarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("told_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="inbox.channelaccount"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "kind"), name="one_alarm_a_kind")],
            },
        ),
    ]
