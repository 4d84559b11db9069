import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import parcours.core.clock
import parcours.core.ids


class Migration(migrations.Migration):
    dependencies = [("canvas", "0010_reviews")]

    operations = [
        migrations.CreateModel(
            name="Share",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("password", models.CharField(blank=True, max_length=128)),
                ("with_numbers", models.BooleanField(default=False)),
                ("period", models.CharField(default="90d", max_length=20)),
                ("segment", models.CharField(blank=True, max_length=80)),
                (
                    "journeys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                (
                    "origins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), default=list, size=None
                    ),
                ),
                ("expires_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("made_by", models.CharField(max_length=160)),
                ("made_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                ("opened", models.PositiveIntegerField(default=0)),
                ("last_opened_at", models.DateTimeField(null=True)),
                ("wrong_passwords", models.PositiveSmallIntegerField(default=0)),
                ("wrong_since", models.DateTimeField(null=True)),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="canvas.journey",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["journey", "-made_at"], name="shares_of_journey")],
            },
        ),
    ]
