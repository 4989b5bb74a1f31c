"""Redactions, and what was taken out of frozen rows."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_hashed_recovery_codes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("marks", models.JSONField()),
                ("stand_in", models.CharField(max_length=32)),
                ("under", models.SlugField(max_length=40)),
                ("at", models.DateTimeField()),
                ("by_key", models.CharField(max_length=120)),
                ("finished_at", models.DateTimeField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_by_key", models.CharField(blank=True, default="", max_length=120)),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.CreateModel(
            name="Struck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=80)),
                ("row", models.CharField(max_length=80)),
                ("seal", models.CharField(max_length=64)),
                (
                    "redaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="struck", to="access.redaction"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "struck",
                "indexes": [models.Index(fields=["label", "row"], name="struck_row")],
            },
        ),
    ]
