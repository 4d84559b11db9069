from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inbox", "0007_placing")]
    operations = []
