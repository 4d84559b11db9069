import django.db.models.deletion
import parcours.core.clock
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("customers", "0003_consent_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("user_id", "Customer number"),
                            ("anonymous_id", "Anonymous id"),
                            ("email", "E-mail address"),
                            ("phone", "Phone number"),
                        ],
                        max_length=16,
                    ),
                ),
                ("value", models.CharField(max_length=400)),
                ("at", models.DateTimeField(default=parcours.core.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=400)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("traits", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField(default=parcours.core.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="Likeness",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("found_by", models.JSONField(default=list)),
                ("found_at", models.DateTimeField(default=parcours.core.clock.now)),
                (
                    "decision",
                    models.CharField(
                        choices=[("open", "open"), ("merged", "one customer"), ("apart", "two customers")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=160)),
            ],
        ),
        migrations.AddField(
            model_name="identity",
            name="home",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="identity",
            name="reason",
            field=models.CharField(blank=True, db_default="", max_length=80),
        ),
        migrations.AddField(
            model_name="identity",
            name="since",
            field=models.DateTimeField(default=parcours.core.clock.now, db_default=Now()),
        ),
        migrations.AddField(
            model_name="merge",
            name="back_in_lake_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="merge",
            name="by",
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AddField(
            model_name="merge",
            name="taken",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="merge",
            name="undone_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="merge",
            name="undone_by",
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AddIndex(
            model_name="merge",
            index=models.Index(
                condition=models.Q(("back_in_lake_at__isnull", True), ("undone_at__isnull", False)),
                fields=["brand"],
                name="merge_not_back_in_lake",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="brand",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.brand",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="brand",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.brand",
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="members", to="customers.group"
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="brand",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.brand",
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="first",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="merge",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="customers.merge",
            ),
        ),
        migrations.AddField(
            model_name="likeness",
            name="second",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                fields=("brand", "kind", "value", "customer"), name="one_claim_a_customer"
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("brand", "key"), name="one_group_a_key"),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(fields=("group", "customer"), name="one_membership_a_group"),
        ),
        migrations.AddIndex(
            model_name="likeness",
            index=models.Index(fields=["brand", "decision", "id"], name="likeness_by_decision"),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.UniqueConstraint(
                fields=("brand", "first", "second"), name="one_likeness_a_pair"
            ),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="lower_id_first"
            ),
        ),
        migrations.RunSQL(
            [
                # Words of names and addresses without their accents, as customers.search looks for them.
                "CREATE INDEX customer_words ON customers_customer USING gin (to_tsvector('simple',"
                " regexp_replace(normalize(lower(translate(name || ' ' || email, '@._+-''', '      ')), NFD),"
                " '[\\u0300-\\u036f]', '', 'g'))) WHERE name <> '' OR email <> ''",
                "CREATE INDEX identity_by_beginning ON customers_identity"
                " (brand_id, lower(value) text_pattern_ops)",
                "CREATE INDEX customer_by_person ON customers_customer (brand_id, lower(name), birth_year)"
                " WHERE name <> '' AND birth_year IS NOT NULL AND merged_into_id IS NULL",
            ],
            [
                "DROP INDEX customer_by_person",
                "DROP INDEX identity_by_beginning",
                "DROP INDEX customer_words",
            ],
        ),
    ]
