import django.db.models.deletion
from django.db import migrations, models

import parcours.core.clock
import parcours.core.ids

STANDINGS = [
    ("contested", "Contested"),
    ("old", "Old"),
    ("none", "Without evidence"),
    ("ageing", "Ageing"),
    ("fresh", "Fresh"),
]
SOURCES = [
    ("events", "Events"),
    ("conversations", "Conversations"),
    ("searches", "Searches"),
    ("feedback", "Feedback"),
    ("measure", "A number of Measure or of the map"),
    ("interview", "Interview"),
    ("document", "Document"),
    ("link", "Web page"),
    ("observation", "Observation"),
]


class Migration(migrations.Migration):
    dependencies = [("canvas", "0003_whole_canvas")]
    operations = [
        migrations.CreateModel(
            name="Evidence",
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
                        choices=[("query", "Counted"), ("number", "Customers of a number"), ("note", "Note")],
                        max_length=8,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("for", "For"), ("against", "Against")], default="for", max_length=8
                    ),
                ),
                ("source", models.CharField(choices=SOURCES, max_length=16)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("rule", models.JSONField(null=True)),
                ("asked", models.JSONField(null=True)),
                ("words", models.CharField(blank=True, max_length=120)),
                ("period", models.JSONField(default=dict)),
                ("segment", models.CharField(blank=True, max_length=80)),
                ("text", models.TextField(blank=True)),
                ("address", models.CharField(blank=True, max_length=1000)),
                ("dated", models.DateField(null=True)),
                ("author_id", models.UUIDField(null=True)),
                ("author_label", models.CharField(blank=True, max_length=160)),
                ("created_at", models.DateTimeField(default=parcours.core.clock.now, editable=False)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.brand"
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="canvas.card",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EvidenceCount",
            fields=[
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="count",
                        serialize=False,
                        to="canvas.evidence",
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("events", models.PositiveBigIntegerField(null=True)),
                ("customers", models.PositiveBigIntegerField(default=0)),
                ("share", models.FloatField(null=True)),
                ("weeks", models.JSONField(default=list)),
                ("samples", models.JSONField(default=list)),
                ("last_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=20)),
                ("computed_at", models.DateTimeField(default=parcours.core.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="EvidenceConfirmation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=parcours.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_label", models.CharField(blank=True, max_length=160)),
                ("at", models.DateTimeField(default=parcours.core.clock.now)),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="confirmations",
                        to="canvas.evidence",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CardStanding",
            fields=[
                (
                    "card",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="canvas.card",
                    ),
                ),
                ("standing", models.CharField(choices=STANDINGS, max_length=12)),
                ("before", models.CharField(choices=STANDINGS, max_length=12)),
                ("changed_at", models.DateTimeField(default=parcours.core.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="EvidenceDays",
            fields=[
                (
                    "brand",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.brand",
                    ),
                ),
                ("ageing", models.PositiveSmallIntegerField(default=30)),
                ("old", models.PositiveSmallIntegerField(default=90)),
            ],
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("deleted_at", None)), fields=["card"], name="standing_evidence"
            ),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("deleted_at", None)), fields=["brand"], name="evidence_to_count"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["query", "number", "note"])), name="evidence_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["for", "against"])), name="evidence_side_known"
            ),
        ),
    ]
