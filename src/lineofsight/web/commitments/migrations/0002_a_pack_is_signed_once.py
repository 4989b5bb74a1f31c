# The machine refuses a second signing of a pack by the same office, whoever comes at the same moment.
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0001_occurrences_and_records"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="record",
            constraint=models.UniqueConstraint(
                condition=models.Q(("about_kind", "pack"), ("replaces__isnull", True), ("signed_at__isnull", False)),
                fields=("about_key", "office"),
                name="a_pack_is_signed_once_by_an_office",
            ),
        ),
    ]
