from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("canvas", "0012_library")]
    operations = []
