import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0004_chat")]
    operations = [
        migrations.CreateModel(
            name="MailId",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("said", models.CharField(max_length=400)),
                ("is_answered", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inbox.channelaccount",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inbox.message"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "said"], name="mail_id_said")],
            },
        ),
    ]
