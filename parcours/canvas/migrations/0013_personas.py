import django.db.models.deletion
from django.db import migrations, models

import parcours.core.clock
import parcours.core.ids


class Migration(migrations.Migration):
    dependencies = [("canvas", "0012_library")]
    operations = [
        migrations.AlterField(
            model_name="persona",
            name="quote",
            field=models.CharField(blank=True, max_length=1000),
        ),
        migrations.CreateModel(
            name="JourneyTemplate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                ("about", models.CharField(blank=True, max_length=300)),
                ("plan", models.JSONField()),
                ("made_by", models.CharField(blank=True, max_length=160)),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["brand", "-created_at"], name="template_by_brand"),
                ],
            },
        ),
    ]
