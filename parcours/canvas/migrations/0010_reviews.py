import django.db.models.deletion
from django.db import migrations, models

import parcours.core.clock
import parcours.core.ids

OPEN = models.Q(("closed_at", None))


class Migration(migrations.Migration):
    dependencies = [("canvas", "0009_versions")]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=40)),
                ("facts", models.JSONField(default=dict)),
                ("steps", models.JSONField(default=dict)),
                ("opened_by", models.CharField(max_length=160)),
                ("opened_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                ("closed_by", models.CharField(blank=True, max_length=160)),
                ("closed_at", models.DateTimeField(null=True)),
                ("words", models.CharField(blank=True, max_length=1000)),
                (
                    "card",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="canvas.card",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="canvas.journey",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="canvas.version",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["journey", "-opened_at"], name="reviews_of_journey")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=OPEN & models.Q(("card", None)),
                        fields=("journey", "reason"),
                        name="one_open_review",
                    ),
                    models.UniqueConstraint(
                        condition=OPEN & models.Q(("card__isnull", False)),
                        fields=("card", "reason"),
                        name="one_open_review_a_card",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("soon", "Soon due"),
                            ("overdue", "Overdue"),
                            ("escalated", "Overdue for long"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="canvas.journey"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("journey", "due", "kind"), name="one_reminder_of_a_kind")
                ],
            },
        ),
    ]
