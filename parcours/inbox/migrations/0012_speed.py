from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models.functions import Upper

import parcours.inbox.models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0011_desk")]
    operations = [
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("brand"),
                OpClass(Upper("handle"), name="text_pattern_ops"),
                name="contact_handles",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=GinIndex(parcours.inbox.models.NamesOf("name"), name="contact_names"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["brand", "-last_message_at", "-id"], name="conversation_of_all"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["account", "-last_message_at", "-id"], name="conversation_of_account"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                fields=["brand", "touchpoint_id", "-last_message_at", "-id"],
                name="conversation_of_touchpoint",
                condition=models.Q(touchpoint_id__isnull=False),
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=GinIndex(
                parcours.inbox.models.WordsOf("subject"),
                name="conversation_subject",
                condition=~models.Q(subject=""),
            ),
        ),
    ]
