from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("canvas", "0009_versions")]
    operations = []
