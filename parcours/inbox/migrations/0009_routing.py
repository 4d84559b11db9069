from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inbox", "0008_hours")]
    operations = []
