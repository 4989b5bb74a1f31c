"""The reference of a subject access request is sealed, as that of a legal hold is. What stood in the clear is kept."""

from django.db import migrations

import lineofsight.web.access.fields

TABLE = "access_subjectaccess"


def seal(apps, schema_editor):
    """Write each reference again, sealed as the field seals it."""
    field = apps.get_model("access", "SubjectAccess")._meta.get_field("reference")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"select key, reference from {TABLE}")  # noqa: S608  our own name
        for key, plain in cursor.fetchall():
            cursor.execute(f"update {TABLE} set reference = %s where key = %s", [field.get_prep_value(plain), key])  # noqa: S608


def unseal(apps, schema_editor):
    """Write each reference again in the clear."""
    field = apps.get_model("access", "SubjectAccess")._meta.get_field("reference")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"select key, reference from {TABLE}")  # noqa: S608  our own name
        for key, sealed in cursor.fetchall():
            plain = field.from_db_value(sealed, None, schema_editor.connection)
            cursor.execute(f"update {TABLE} set reference = %s where key = %s", [plain, key])  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_looked_after"),
    ]

    operations = [
        migrations.AlterField(
            model_name="subjectaccess",
            name="reference",
            field=lineofsight.web.access.fields.EncryptedTextField(),
        ),
        migrations.RunPython(seal, unseal),
    ]
