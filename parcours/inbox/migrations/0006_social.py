from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0005_mail")]
    operations = [
        migrations.AddField("attachment", "tries", models.PositiveSmallIntegerField(default=0)),
    ]
