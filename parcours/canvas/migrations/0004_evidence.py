from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("canvas", "0003_whole_canvas")]
    operations = []
