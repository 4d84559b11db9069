from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("canvas", "0006_brand_values")]
    operations = []
