import django.db.models.deletion
from django.db import migrations, models

import parcours.core.clock
import parcours.core.ids

FORMS = [("card", "Card"), ("touchpoint", "Touchpoint")]


class Migration(migrations.Migration):
    dependencies = [("canvas", "0011_shares")]
    operations = [
        migrations.CreateModel(
            name="LibraryEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("form", models.CharField(choices=FORMS, max_length=10)),
                ("kind", models.CharField(blank=True, max_length=12)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("picture_alt", models.CharField(blank=True, max_length=300)),
                ("picture_caption", models.CharField(blank=True, max_length=300)),
                ("details", models.JSONField(default=dict)),
                ("channel", models.CharField(blank=True, max_length=60)),
                ("rule", models.JSONField(null=True)),
                ("starter", models.CharField(blank=True, max_length=60)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("edited_by", models.CharField(blank=True, max_length=160)),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                ("updated_at", models.DateTimeField(default=parcours.core.clock.now)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand"
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="canvas.picture",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)), fields=["brand"], name="standing_library"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("starter", ""), _negated=True),
                        fields=("brand", "starter"),
                        name="one_of_each_starter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["card", "touchpoint"])), name="library_form_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LibraryUse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                (
                    "card",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="canvas.card",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uses",
                        to="canvas.libraryentry",
                    ),
                ),
                (
                    "touchpoint",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="canvas.touchpoint",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("card", None),
                            ("touchpoint__isnull", False),
                        )
                        | models.Q(
                            ("card__isnull", False),
                            ("touchpoint", None),
                        ),
                        name="library_use_of_one_thing",
                    )
                ],
            },
        ),
    ]
