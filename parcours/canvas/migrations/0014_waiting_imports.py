import django.db.models.deletion
from django.db import migrations, models

import parcours.core.clock
import parcours.core.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("canvas", "0013_personas")]
    operations = [
        migrations.CreateModel(
            name="WaitingImport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("content", models.BinaryField()),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand"
                    ),
                ),
            ],
        ),
    ]
