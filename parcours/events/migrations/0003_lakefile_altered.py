from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_received_events"),
    ]

    operations = [
        migrations.AddField(
            model_name="lakefile",
            name="altered",
            field=models.BigIntegerField(default=0),
        ),
    ]
