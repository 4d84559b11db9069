import django.db.models.deletion
import parcours.core.clock
import parcours.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("canvas", "0002_one_journey"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptNumbers",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("numbers", models.JSONField()),
                ("computed_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand"
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="canvas.journey"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("journey", "digest"), name="numbers_once")],
            },
        ),
    ]
