import django.db.models.deletion
import parcours.core.clock
import parcours.core.ids
from django.conf import settings
from django.db import migrations, models

ID = models.UUIDField(default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False)
BRAND = models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand")
CREATED = models.DateTimeField(default=parcours.core.clock.now, editable=False)


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_messages"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Macro",
            fields=[
                ("id", ID.clone()),
                ("name", models.CharField(max_length=80)),
                ("texts", models.JSONField(default=dict)),
                ("deeds", models.JSONField(default=list)),
                ("created_at", CREATED.clone()),
                ("deleted_at", models.DateTimeField(null=True)),
                ("brand", BRAND.clone()),
            ],
        ),
        migrations.CreateModel(
            name="QuickReply",
            fields=[
                ("id", ID.clone()),
                ("shortcut", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("texts", models.JSONField(default=dict)),
                ("stage_id", models.UUIDField(null=True)),
                ("words", models.TextField(blank=True)),
                ("created_at", CREATED.clone()),
                ("changed_at", models.DateTimeField(default=parcours.core.clock.now)),
                ("deleted_at", models.DateTimeField(null=True)),
                ("brand", BRAND.clone()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=("brand", "shortcut"),
                        name="one_quick_reply_a_shortcut",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", ID.clone()),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=600)),
                ("created_at", CREATED.clone()),
                ("brand", BRAND.clone()),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
