from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0013_desk")]
    operations = [
        migrations.AddIndex(
            model_name="message",
            index=BrinIndex(
                fields=["created_at"], name="message_by_day", pages_per_range=32, autosummarize=True
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                fields=["brand", "closed_at"],
                name="conversation_by_end",
                condition=models.Q(closed_at__isnull=False),
            ),
        ),
    ]
