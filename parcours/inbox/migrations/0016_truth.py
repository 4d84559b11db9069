from django.conf import settings
from django.db import migrations, models
from django.db.models import CASCADE, SET_NULL, ForeignKey

# Until now a queue was everybody's while it had no members.
MEMBERS_ONLY = """
UPDATE inbox_queue SET for_everybody = false
WHERE id IN (SELECT queue_id FROM inbox_queuemember)
"""


def _of(to, **also):
    return ForeignKey(to=to, related_name="+", **{"on_delete": CASCADE, **also})


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("notices", "0001_initial"),
        ("inbox", "0014_routing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="LateNotice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("queue_id", models.UUIDField()),
                ("number", models.PositiveIntegerField(default=0)),
                ("pending", models.BooleanField(default=False)),
                ("told_at", models.DateTimeField(null=True)),
                ("brand", _of("accounts.brand", db_index=False)),
                ("person", _of(settings.AUTH_USER_MODEL, db_index=False)),
                ("notice", _of("notices.notice", null=True, on_delete=SET_NULL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["brand", "person", "queue_id"], name="one_late_notice_a_queue"
                    )
                ]
            },
        ),
        migrations.RemoveIndex(model_name="conversation", name="conversation_due"),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                fields=["brand", "due_at", "id"],
                name="conversation_due",
                condition=models.Q(("status__in", ["open", "snoozed"]), ("due_at__isnull", False)),
            ),
        ),
        migrations.AddField("queue", "for_everybody", models.BooleanField(default=True)),
        migrations.AddField("queue", "deserted_at", models.DateTimeField(null=True)),
        migrations.RunSQL(MEMBERS_ONLY, migrations.RunSQL.noop),
    ]
