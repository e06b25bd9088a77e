from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cadres", "0010_mentees_of_before")]

    operations = [migrations.RemoveField(model_name="cadre", name="mentee_category")]
