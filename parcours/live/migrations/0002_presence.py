from django.db import migrations, models

import parcours.core.clock


class Migration(migrations.Migration):
    dependencies = [("live", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tab", models.UUIDField()),
                ("brand_id", models.UUIDField()),
                ("topic", models.CharField(max_length=80)),
                ("person_id", models.UUIDField()),
                ("label", models.CharField(max_length=160)),
                ("place", models.CharField(blank=True, max_length=120)),
                ("idle", models.BooleanField(default=False)),
                ("since", models.DateTimeField(default=parcours.core.clock.now)),
                ("seen", models.DateTimeField(default=parcours.core.clock.now)),
                ("until", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("topic", "tab"), name="presence_of_tab")],
                "indexes": [models.Index(fields=["brand_id", "topic"], name="presence_by_topic")],
            },
        ),
        migrations.RunSQL("ALTER TABLE live_presence SET UNLOGGED", "ALTER TABLE live_presence SET LOGGED"),
    ]
