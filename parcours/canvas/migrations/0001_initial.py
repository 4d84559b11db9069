import django.db.models.deletion
import parcours.core.clock
import parcours.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("picture_alt", models.CharField(blank=True, max_length=300)),
                ("order_key", models.CharField(db_collation="C", max_length=120)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("content_revision", models.PositiveIntegerField(default=1)),
                ("place_revision", models.PositiveIntegerField(default=1)),
                ("edited_by", models.CharField(blank=True, max_length=160)),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                ("updated_at", models.DateTimeField(default=parcours.core.clock.now)),
                ("deleted_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CardLease",
            fields=[
                (
                    "card",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="lease",
                        serialize=False,
                        to="canvas.card",
                    ),
                ),
                ("actor_id", models.UUIDField(null=True)),
                ("label", models.CharField(max_length=160)),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Journey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("summary", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("as-is", "As it is"), ("to-be", "As it should be")],
                        default="as-is",
                        max_length=8,
                    ),
                ),
                ("rules_revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                ("updated_at", models.DateTimeField(default=parcours.core.clock.now)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="card",
            name="journey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="cards", to="canvas.journey"
            ),
        ),
        migrations.CreateModel(
            name="Lane",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("need", "Customer needs"),
                            ("moment", "Key moment"),
                            ("action", "Actions"),
                            ("touchpoint", "Touchpoints"),
                            ("channel", "Channels"),
                            ("emotion", "Emotion"),
                            ("question", "Questions"),
                            ("motivation", "Motivations"),
                            ("pain", "Pain points"),
                            ("kpi", "KPIs"),
                            ("brand-fit", "Brand fit"),
                            ("employee", "Employees"),
                            ("free", "Notes"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("order_key", models.CharField(db_collation="C", max_length=120)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lanes", to="canvas.journey"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="card",
            name="lane",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="cards", to="canvas.lane"
            ),
        ),
        migrations.CreateModel(
            name="Persona",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("birth_year", models.PositiveSmallIntegerField(null=True)),
                ("sketch", models.TextField(blank=True)),
                ("goals", models.TextField(blank=True)),
                ("quote", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="journey",
            name="persona",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="canvas.persona"
            ),
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("bytes", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="persona",
            name="photo",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="canvas.picture"
            ),
        ),
        migrations.AddField(
            model_name="card",
            name="picture",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="canvas.picture"
            ),
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("description", models.CharField(blank=True, max_length=300)),
                ("key", models.CharField(blank=True, max_length=20)),
                ("order_key", models.CharField(db_collation="C", max_length=120)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="canvas.journey",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="card",
            name="stage",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="cards", to="canvas.stage"
            ),
        ),
        migrations.CreateModel(
            name="Touchpoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("channel", models.CharField(blank=True, max_length=60)),
                ("rule", models.JSONField()),
                ("order_key", models.CharField(db_collation="C", max_length=120)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="touchpoints",
                        to="canvas.journey",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="touchpoints",
                        to="canvas.stage",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="lane",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at", None)), fields=("journey", "order_key"), name="lane_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="lane",
            constraint=models.UniqueConstraint(fields=("id", "journey"), name="lane_of_journey"),
        ),
        migrations.AddConstraint(
            model_name="lane",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "need",
                            "moment",
                            "action",
                            "touchpoint",
                            "channel",
                            "emotion",
                            "question",
                            "motivation",
                            "pain",
                            "kpi",
                            "brand-fit",
                            "employee",
                            "free",
                        ],
                    )
                ),
                name="lane_kind_known",
            ),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(fields=["brand", "-updated_at"], name="journey_by_brand"),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.UniqueConstraint(fields=("brand", "digest"), name="one_picture_a_content"),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at", None)), fields=("journey", "order_key"), name="stage_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.UniqueConstraint(fields=("id", "journey"), name="stage_of_journey"),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(
                condition=models.Q(("deleted_at", None)), fields=["journey"], name="standing_cards"
            ),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at", None)),
                fields=("stage", "lane", "order_key"),
                name="card_order",
            ),
        ),
        migrations.AddIndex(
            model_name="touchpoint",
            index=models.Index(
                condition=models.Q(("deleted_at", None)), fields=["journey"], name="standing_touchpoints"
            ),
        ),
        migrations.AddConstraint(
            model_name="touchpoint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at", None)),
                fields=("stage", "order_key"),
                name="touchpoint_order",
            ),
        ),
    ]
