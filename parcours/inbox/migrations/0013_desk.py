from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0012_speed")]
    operations = [
        migrations.AddField(
            "contact", "blocked_by", models.CharField(blank=True, max_length=200, default="")
        ),
        migrations.AddField(
            "contact", "blocked_because", models.CharField(blank=True, max_length=200, default="")
        ),
        migrations.AddField("quickreply", "revision", models.PositiveIntegerField(default=1)),
        migrations.AddField("macro", "revision", models.PositiveIntegerField(default=1)),
    ]
