from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("canvas", "0004_evidence")]
    operations = []
