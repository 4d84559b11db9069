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
    ]
