from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0016_truth")]
    operations = [
        migrations.AddField(
            model_name="outgoing", name="parts", field=models.JSONField(db_default=[], default=list)
        ),
    ]
