import django.db.models.deletion
from django.db import migrations, models

import parcours.core.clock
import parcours.core.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("canvas", "0005_captures")]
    operations = [
        migrations.CreateModel(
            name="BrandValue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("sentence", models.CharField(blank=True, max_length=300)),
                ("looks_like", models.TextField(blank=True)),
                ("not_like", models.TextField(blank=True)),
                ("order_key", models.CharField(db_collation="C", max_length=120)),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("brand", "order_key"),
                        name="value_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("by", models.CharField(max_length=160)),
                ("at", models.DateTimeField(default=parcours.core.clock.now)),
                (
                    "touchpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="canvas.touchpoint"
                    ),
                ),
                (
                    "value",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="canvas.brandvalue"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("touchpoint", "value"), name="one_wish_a_value"),
                    models.CheckConstraint(condition=models.Q(("level__lte", 4)), name="wish_level"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("actor_id", models.UUIDField()),
                ("level", models.PositiveSmallIntegerField()),
                ("by", models.CharField(max_length=160)),
                ("at", models.DateTimeField(default=parcours.core.clock.now)),
                (
                    "touchpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="canvas.touchpoint"
                    ),
                ),
                (
                    "value",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="canvas.brandvalue"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("touchpoint", "value", "actor_id"), name="one_rating_a_person"
                    ),
                    models.CheckConstraint(condition=models.Q(("level__lte", 4)), name="rating_level"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("source", models.CharField(blank=True, max_length=120)),
                ("customer_id", models.BigIntegerField(null=True)),
                ("by", models.CharField(max_length=160)),
                ("at", models.DateTimeField(default=parcours.core.clock.now)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "touchpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="canvas.touchpoint"
                    ),
                ),
                (
                    "value",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="canvas.brandvalue"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["touchpoint"],
                        name="standing_quotes",
                    )
                ],
            },
        ),
    ]
