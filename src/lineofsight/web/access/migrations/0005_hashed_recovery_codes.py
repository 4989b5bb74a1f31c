"""Recovery codes that were worked out from a sealed seed are kept as hashes. Those not used yet go on working."""

from django.db import migrations


def hash_them(apps, schema_editor):
    """Replace the seed of each person's recovery codes by a hash of each code that was not used."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from django.contrib.auth.hashers import make_password

    for kept in apps.get_model("mfa", "Authenticator").objects.filter(type="recovery_codes"):
        if "hashes" in kept.data:
            continue
        codes = RecoveryCodes(kept).get_unused_codes()
        kept.data = {"hashes": [make_password(code) for code in codes]}
        kept.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_sealed_references"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.RunPython(hash_them, migrations.RunPython.noop),
    ]
