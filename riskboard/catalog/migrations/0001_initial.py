import django.core.validators
import django.db.models.deletion
import riskboard.catalog.kinds
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=36)),
            ],
        ),
        migrations.CreateModel(
            name="License",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True, db_index=True)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9._-]*\\Z",
                                "Use lower-case letters, digits, dots, hyphens and underscores.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                ("spdx_id", models.CharField(blank=True, max_length=80, verbose_name="SPDX id")),
                ("category", models.CharField(choices=riskboard.catalog.kinds.license_category_choices, max_length=30)),
                ("osi_approved", models.BooleanField(blank=True, null=True, verbose_name="OSI approved")),
                (
                    "text_read",
                    models.BooleanField(
                        help_text="Was the license text itself read? If not, silent clauses are unknown."
                    ),
                ),
                (
                    "commercial_use",
                    models.CharField(blank=True, choices=riskboard.catalog.kinds.commercial_use_choices, max_length=12),
                ),
                ("threshold_summary", models.CharField(blank=True, max_length=200)),
                ("territory_exclusions", models.CharField(blank=True, max_length=200)),
                ("use_restrictions", models.BooleanField(blank=True, null=True)),
                ("output_training_restriction", models.BooleanField(blank=True, null=True)),
                ("naming_obligation", models.BooleanField(blank=True, null=True)),
                (
                    "terminable",
                    models.BooleanField(
                        blank=True, help_text="Can the licensor end the grant other than for a breach?", null=True
                    ),
                ),
                ("irrevocable", models.BooleanField(blank=True, null=True)),
                ("termination", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9._-]*\\Z",
                                "Use lower-case letters, digits, dots, hyphens and underscores.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=160, unique=True)),
                ("modality", models.CharField(choices=riskboard.catalog.kinds.line_modality_choices, max_length=20)),
                (
                    "known_as",
                    models.CharField(blank=True, help_text="Names under it, joined by semicolons.", max_length=300),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("is_local", models.BooleanField(default=False, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="Vendor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9._-]*\\Z",
                                "Use lower-case letters, digits, dots, hyphens and underscores.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("kind", models.CharField(choices=riskboard.catalog.kinds.vendor_kind_choices, max_length=20)),
                (
                    "country",
                    models.CharField(
                        max_length=2,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{2}\\Z", "Two capital letters.")],
                    ),
                ),
                ("parent", models.CharField(blank=True, max_length=120)),
                (
                    "website",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                    ),
                ),
                ("hf_org", models.CharField(blank=True, max_length=96, verbose_name="Hugging Face organization")),
                ("github_org", models.CharField(blank=True, max_length=96, verbose_name="GitHub organization")),
                ("ticker", models.CharField(blank=True, max_length=40)),
                ("founded_on", models.DateField(blank=True, null=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("is_local", models.BooleanField(default=False, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="HistoricalVendor",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        db_index=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9._-]*\\Z",
                                "Use lower-case letters, digits, dots, hyphens and underscores.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(db_index=True, max_length=120)),
                ("kind", models.CharField(choices=riskboard.catalog.kinds.vendor_kind_choices, max_length=20)),
                (
                    "country",
                    models.CharField(
                        max_length=2,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{2}\\Z", "Two capital letters.")],
                    ),
                ),
                ("parent", models.CharField(blank=True, max_length=120)),
                (
                    "website",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                    ),
                ),
                ("hf_org", models.CharField(blank=True, max_length=96, verbose_name="Hugging Face organization")),
                ("github_org", models.CharField(blank=True, max_length=96, verbose_name="GitHub organization")),
                ("ticker", models.CharField(blank=True, max_length=40)),
                ("founded_on", models.DateField(blank=True, null=True)),
                ("changed_at", models.DateTimeField(blank=True, editable=False)),
                ("is_local", models.BooleanField(default=False, editable=False)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical vendor",
                "verbose_name_plural": "historical vendors",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalFamily",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        db_index=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9._-]*\\Z",
                                "Use lower-case letters, digits, dots, hyphens and underscores.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(db_index=True, max_length=120)),
                ("modality", models.CharField(choices=riskboard.catalog.kinds.model_modality_choices, max_length=20)),
                ("first_release_on", models.DateField(blank=True, null=True)),
                (
                    "website",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                    ),
                ),
                ("changed_at", models.DateTimeField(blank=True, editable=False)),
                ("is_local", models.BooleanField(default=False, editable=False)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.line",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical family",
                "verbose_name_plural": "historical families",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Family",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9._-]*\\Z",
                                "Use lower-case letters, digits, dots, hyphens and underscores.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("modality", models.CharField(choices=riskboard.catalog.kinds.model_modality_choices, max_length=20)),
                ("first_release_on", models.DateField(blank=True, null=True)),
                (
                    "website",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("is_local", models.BooleanField(default=False, editable=False)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="families", to="catalog.line"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "families",
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "url",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=300)),
                (
                    "is_recalled",
                    models.BooleanField(
                        default=False,
                        help_text="Recalled, not looked up: shown as unverified and given no weight in a score.",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("url", "title"), name="source_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url__startswith", "http://"),
                            ("url__startswith", "https://"),
                            models.Q(("is_recalled", True), ("url", "")),
                            _connector="OR",
                        ),
                        name="source_has_web_address_or_is_recalled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True, db_index=True)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9._-]*\\Z",
                                "Use lower-case letters, digits, dots, hyphens and underscores.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                (
                    "hf_repo",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        max_length=200,
                        validators=[django.core.validators.RegexValidator("^[\\w.-]+/[\\w.-]+\\Z", "Use owner/name.")],
                        verbose_name="hub repository",
                    ),
                ),
                ("modality", models.CharField(choices=riskboard.catalog.kinds.model_modality_choices, max_length=20)),
                ("params_total_b", models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True)),
                ("params_active_b", models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True)),
                ("released_on", models.DateField()),
                (
                    "date_precision",
                    models.CharField(choices=riskboard.catalog.kinds.precision_choices, default="day", max_length=5),
                ),
                ("access", models.CharField(choices=riskboard.catalog.kinds.access_choices, max_length=20)),
                ("flagship", models.BooleanField(default=False)),
                ("api_first_on", models.DateField(blank=True, null=True)),
                ("weights_on", models.DateField(blank=True, null=True)),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="weights withdrawn on")),
                ("hosted_ended_on", models.DateField(blank=True, null=True, verbose_name="hosted access ended on")),
                ("confidence", models.CharField(choices=riskboard.catalog.kinds.confidence_choices, max_length=6)),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="catalog.family"
                    ),
                ),
                (
                    "license",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="catalog.license",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.source"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="license",
            name="source",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.source"),
        ),
        migrations.CreateModel(
            name="HistoricalRevision",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(blank=True, editable=False)),
                ("changed_at", models.DateTimeField(blank=True, db_index=True, editable=False)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                (
                    "repository",
                    models.CharField(
                        max_length=200,
                        validators=[django.core.validators.RegexValidator("^[\\w.-]+/[\\w.-]+\\Z", "Use owner/name.")],
                    ),
                ),
                (
                    "commit_sha",
                    models.CharField(
                        max_length=40,
                        validators=[django.core.validators.RegexValidator("^[0-9a-f]{40}\\Z", "40 hex digits.")],
                    ),
                ),
                (
                    "license_text_sha256",
                    models.CharField(
                        blank=True,
                        max_length=64,
                        validators=[django.core.validators.RegexValidator("^[0-9a-f]{64}\\Z", "64 hex digits.")],
                    ),
                ),
                ("captured_on", models.DateField()),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.release",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical revision",
                "verbose_name_plural": "historical revisions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalRelease",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(blank=True, editable=False)),
                ("changed_at", models.DateTimeField(blank=True, db_index=True, editable=False)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        db_index=True,
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9._-]*\\Z",
                                "Use lower-case letters, digits, dots, hyphens and underscores.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(db_index=True, max_length=120)),
                (
                    "hf_repo",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        max_length=200,
                        validators=[django.core.validators.RegexValidator("^[\\w.-]+/[\\w.-]+\\Z", "Use owner/name.")],
                        verbose_name="hub repository",
                    ),
                ),
                ("modality", models.CharField(choices=riskboard.catalog.kinds.model_modality_choices, max_length=20)),
                ("params_total_b", models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True)),
                ("params_active_b", models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True)),
                ("released_on", models.DateField()),
                (
                    "date_precision",
                    models.CharField(choices=riskboard.catalog.kinds.precision_choices, default="day", max_length=5),
                ),
                ("access", models.CharField(choices=riskboard.catalog.kinds.access_choices, max_length=20)),
                ("flagship", models.BooleanField(default=False)),
                ("api_first_on", models.DateField(blank=True, null=True)),
                ("weights_on", models.DateField(blank=True, null=True)),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="weights withdrawn on")),
                ("hosted_ended_on", models.DateField(blank=True, null=True, verbose_name="hosted access ended on")),
                ("confidence", models.CharField(choices=riskboard.catalog.kinds.confidence_choices, max_length=6)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.family",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "license",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.license",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical release",
                "verbose_name_plural": "historical releases",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalLicense",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(blank=True, editable=False)),
                ("changed_at", models.DateTimeField(blank=True, db_index=True, editable=False)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9._-]*\\Z",
                                "Use lower-case letters, digits, dots, hyphens and underscores.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                ("spdx_id", models.CharField(blank=True, max_length=80, verbose_name="SPDX id")),
                ("category", models.CharField(choices=riskboard.catalog.kinds.license_category_choices, max_length=30)),
                ("osi_approved", models.BooleanField(blank=True, null=True, verbose_name="OSI approved")),
                (
                    "text_read",
                    models.BooleanField(
                        help_text="Was the license text itself read? If not, silent clauses are unknown."
                    ),
                ),
                (
                    "commercial_use",
                    models.CharField(blank=True, choices=riskboard.catalog.kinds.commercial_use_choices, max_length=12),
                ),
                ("threshold_summary", models.CharField(blank=True, max_length=200)),
                ("territory_exclusions", models.CharField(blank=True, max_length=200)),
                ("use_restrictions", models.BooleanField(blank=True, null=True)),
                ("output_training_restriction", models.BooleanField(blank=True, null=True)),
                ("naming_obligation", models.BooleanField(blank=True, null=True)),
                (
                    "terminable",
                    models.BooleanField(
                        blank=True, help_text="Can the licensor end the grant other than for a breach?", null=True
                    ),
                ),
                ("irrevocable", models.BooleanField(blank=True, null=True)),
                ("termination", models.CharField(blank=True, max_length=200)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical license",
                "verbose_name_plural": "historical licenses",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Threshold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("metric", models.CharField(choices=riskboard.catalog.kinds.threshold_metric_choices, max_length=30)),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                (
                    "currency",
                    models.CharField(
                        blank=True,
                        max_length=3,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{3}\\Z", "Three capital letters.")],
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        blank=True,
                        choices=riskboard.catalog.kinds.period_choices,
                        help_text="Blank: unknown, or it has none.",
                        max_length=5,
                    ),
                ),
                ("who", models.CharField(blank=True, help_text="Blank: everyone.", max_length=120)),
                (
                    "consequence",
                    models.CharField(choices=riskboard.catalog.kinds.threshold_consequence_choices, max_length=20),
                ),
                (
                    "license",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="thresholds", to="catalog.license"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=1200)),
                ("deleted_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("table", "key"), name="tombstone_once")],
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True, db_index=True)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        max_length=100,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*\\Z", "Use letters, digits, dots, hyphens and underscores."
                            )
                        ],
                    ),
                ),
                (
                    "event_id",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*\\Z", "Use letters, digits, dots, hyphens and underscores."
                            )
                        ],
                    ),
                ),
                ("kind", models.CharField(choices=riskboard.catalog.kinds.signal_kind_choices, max_length=30)),
                ("occurred_on", models.DateField()),
                (
                    "date_precision",
                    models.CharField(choices=riskboard.catalog.kinds.precision_choices, default="day", max_length=5),
                ),
                ("direction", models.CharField(choices=riskboard.catalog.kinds.direction_choices, max_length=12)),
                (
                    "severity",
                    models.PositiveSmallIntegerField(help_text="1 weak to 5 the whole commitment ends or begins."),
                ),
                ("summary", models.CharField(max_length=500)),
                ("publisher", models.CharField(blank=True, max_length=80)),
                (
                    "source_reliability",
                    models.CharField(choices=riskboard.catalog.kinds.reliability_choices, max_length=1),
                ),
                (
                    "info_credibility",
                    models.CharField(choices=riskboard.catalog.kinds.credibility_choices, max_length=1),
                ),
                ("confidence", models.CharField(choices=riskboard.catalog.kinds.confidence_choices, max_length=6)),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signals",
                        to="catalog.family",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.source"
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signals", to="catalog.vendor"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True, db_index=True)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                ("measured_on", models.DateField()),
                ("metric", models.CharField(choices=riskboard.catalog.kinds.metric_choices, max_length=20)),
                ("value", models.PositiveBigIntegerField()),
                ("confidence", models.CharField(choices=riskboard.catalog.kinds.confidence_choices, max_length=6)),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reach",
                        to="catalog.family",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.source"
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reach", to="catalog.vendor"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "reach",
            },
        ),
        migrations.CreateModel(
            name="Pledge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True, db_index=True)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*\\Z", "Use letters, digits, dots, hyphens and underscores."
                            )
                        ],
                    ),
                ),
                ("made_on", models.DateField(blank=True, help_text="Blank: unknown.", null=True)),
                ("made_by", models.CharField(max_length=120)),
                ("channel", models.CharField(choices=riskboard.catalog.kinds.channel_choices, max_length=20)),
                ("summary", models.CharField(max_length=300)),
                ("specificity", models.CharField(choices=riskboard.catalog.kinds.specificity_choices, max_length=12)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("status", models.CharField(choices=riskboard.catalog.kinds.pledge_status_choices, max_length=12)),
                ("status_on", models.DateField(blank=True, null=True)),
                ("status_reason", models.CharField(blank=True, max_length=300)),
                ("confidence", models.CharField(choices=riskboard.catalog.kinds.confidence_choices, max_length=6)),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledges",
                        to="catalog.family",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.source"
                    ),
                ),
                (
                    "status_source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.source",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pledges", to="catalog.vendor"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="line",
            name="vendor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="catalog.vendor"
            ),
        ),
        migrations.CreateModel(
            name="LicenseChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True, db_index=True)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*\\Z", "Use letters, digits, dots, hyphens and underscores."
                            )
                        ],
                    ),
                ),
                ("asset", models.CharField(max_length=200)),
                ("announced_on", models.DateField()),
                ("effective_on", models.DateField(blank=True, null=True)),
                (
                    "direction",
                    models.CharField(choices=riskboard.catalog.kinds.change_direction_choices, max_length=12),
                ),
                ("applies_to", models.CharField(choices=riskboard.catalog.kinds.applies_to_choices, max_length=15)),
                ("scope", models.CharField(choices=riskboard.catalog.kinds.change_scope_choices, max_length=15)),
                ("confidence", models.CharField(choices=riskboard.catalog.kinds.confidence_choices, max_length=6)),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="license_changes",
                        to="catalog.family",
                    ),
                ),
                (
                    "from_license",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes_from", to="catalog.license"
                    ),
                ),
                (
                    "to_license",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes_to", to="catalog.license"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.source"
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="license_changes", to="catalog.vendor"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HistoricalVendorFact",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(blank=True, editable=False)),
                ("changed_at", models.DateTimeField(blank=True, db_index=True, editable=False)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                ("field", models.CharField(choices=riskboard.catalog.kinds.fact_field_choices, max_length=20)),
                ("value", models.CharField(max_length=20)),
                ("valid_from", models.DateField()),
                (
                    "valid_to",
                    models.DateField(
                        blank=True, help_text="First day it no longer held. Blank: still in force.", null=True
                    ),
                ),
                ("confidence", models.CharField(choices=riskboard.catalog.kinds.confidence_choices, max_length=6)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.family",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.source",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.vendor",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical vendor fact",
                "verbose_name_plural": "historical vendor facts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSignal",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(blank=True, editable=False)),
                ("changed_at", models.DateTimeField(blank=True, db_index=True, editable=False)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*\\Z", "Use letters, digits, dots, hyphens and underscores."
                            )
                        ],
                    ),
                ),
                (
                    "event_id",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*\\Z", "Use letters, digits, dots, hyphens and underscores."
                            )
                        ],
                    ),
                ),
                ("kind", models.CharField(choices=riskboard.catalog.kinds.signal_kind_choices, max_length=30)),
                ("occurred_on", models.DateField()),
                (
                    "date_precision",
                    models.CharField(choices=riskboard.catalog.kinds.precision_choices, default="day", max_length=5),
                ),
                ("direction", models.CharField(choices=riskboard.catalog.kinds.direction_choices, max_length=12)),
                (
                    "severity",
                    models.PositiveSmallIntegerField(help_text="1 weak to 5 the whole commitment ends or begins."),
                ),
                ("summary", models.CharField(max_length=500)),
                ("publisher", models.CharField(blank=True, max_length=80)),
                (
                    "source_reliability",
                    models.CharField(choices=riskboard.catalog.kinds.reliability_choices, max_length=1),
                ),
                (
                    "info_credibility",
                    models.CharField(choices=riskboard.catalog.kinds.credibility_choices, max_length=1),
                ),
                ("confidence", models.CharField(choices=riskboard.catalog.kinds.confidence_choices, max_length=6)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.family",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.source",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.vendor",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical signal",
                "verbose_name_plural": "historical signals",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalReach",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(blank=True, editable=False)),
                ("changed_at", models.DateTimeField(blank=True, db_index=True, editable=False)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                ("measured_on", models.DateField()),
                ("metric", models.CharField(choices=riskboard.catalog.kinds.metric_choices, max_length=20)),
                ("value", models.PositiveBigIntegerField()),
                ("confidence", models.CharField(choices=riskboard.catalog.kinds.confidence_choices, max_length=6)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.family",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.source",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.vendor",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical reach",
                "verbose_name_plural": "historical reach",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPledge",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(blank=True, editable=False)),
                ("changed_at", models.DateTimeField(blank=True, db_index=True, editable=False)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*\\Z", "Use letters, digits, dots, hyphens and underscores."
                            )
                        ],
                    ),
                ),
                ("made_on", models.DateField(blank=True, help_text="Blank: unknown.", null=True)),
                ("made_by", models.CharField(max_length=120)),
                ("channel", models.CharField(choices=riskboard.catalog.kinds.channel_choices, max_length=20)),
                ("summary", models.CharField(max_length=300)),
                ("specificity", models.CharField(choices=riskboard.catalog.kinds.specificity_choices, max_length=12)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("status", models.CharField(choices=riskboard.catalog.kinds.pledge_status_choices, max_length=12)),
                ("status_on", models.DateField(blank=True, null=True)),
                ("status_reason", models.CharField(blank=True, max_length=300)),
                ("confidence", models.CharField(choices=riskboard.catalog.kinds.confidence_choices, max_length=6)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.family",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.source",
                    ),
                ),
                (
                    "status_source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.source",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.vendor",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical pledge",
                "verbose_name_plural": "historical pledges",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalLine",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        db_index=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9._-]*\\Z",
                                "Use lower-case letters, digits, dots, hyphens and underscores.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(db_index=True, max_length=160)),
                ("modality", models.CharField(choices=riskboard.catalog.kinds.line_modality_choices, max_length=20)),
                (
                    "known_as",
                    models.CharField(blank=True, help_text="Names under it, joined by semicolons.", max_length=300),
                ),
                ("changed_at", models.DateTimeField(blank=True, editable=False)),
                ("is_local", models.BooleanField(default=False, editable=False)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.vendor",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical line",
                "verbose_name_plural": "historical lines",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalLicenseChange",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(blank=True, editable=False)),
                ("changed_at", models.DateTimeField(blank=True, db_index=True, editable=False)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*\\Z", "Use letters, digits, dots, hyphens and underscores."
                            )
                        ],
                    ),
                ),
                ("asset", models.CharField(max_length=200)),
                ("announced_on", models.DateField()),
                ("effective_on", models.DateField(blank=True, null=True)),
                (
                    "direction",
                    models.CharField(choices=riskboard.catalog.kinds.change_direction_choices, max_length=12),
                ),
                ("applies_to", models.CharField(choices=riskboard.catalog.kinds.applies_to_choices, max_length=15)),
                ("scope", models.CharField(choices=riskboard.catalog.kinds.change_scope_choices, max_length=15)),
                ("confidence", models.CharField(choices=riskboard.catalog.kinds.confidence_choices, max_length=6)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.family",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "from_license",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.license",
                    ),
                ),
                (
                    "to_license",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.license",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.source",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.vendor",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical license change",
                "verbose_name_plural": "historical license changes",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="VendorFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True, db_index=True)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                ("field", models.CharField(choices=riskboard.catalog.kinds.fact_field_choices, max_length=20)),
                ("value", models.CharField(max_length=20)),
                ("valid_from", models.DateField()),
                (
                    "valid_to",
                    models.DateField(
                        blank=True, help_text="First day it no longer held. Blank: still in force.", null=True
                    ),
                ),
                ("confidence", models.CharField(choices=riskboard.catalog.kinds.confidence_choices, max_length=6)),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="catalog.family",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.source"
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="facts", to="catalog.vendor"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Ruling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(choices=riskboard.catalog.kinds.pledge_status_choices, max_length=12)),
                ("ruled_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "pledge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rulings", to="catalog.pledge"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.source",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("pledge", "status", "ruled_on"), name="ruling_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("ruled_on", None)),
                        fields=("pledge", "status"),
                        name="ruling_without_day_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["open", "kept", "partly_kept", "at_risk", "broken", "superseded"])
                        ),
                        name="ruling_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_on",
                    models.DateField(
                        blank=True,
                        help_text="First public. Blank: unknown, and then never used for any day.",
                        null=True,
                    ),
                ),
                (
                    "published_is_derived",
                    models.BooleanField(
                        default=False, help_text="Not stated: taken as the last day that the stated precision allows."
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True, db_index=True)),
                (
                    "is_local",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Entered or edited here: shipped evidence never overwrites it.",
                    ),
                ),
                (
                    "repository",
                    models.CharField(
                        max_length=200,
                        validators=[django.core.validators.RegexValidator("^[\\w.-]+/[\\w.-]+\\Z", "Use owner/name.")],
                    ),
                ),
                (
                    "commit_sha",
                    models.CharField(
                        max_length=40,
                        validators=[django.core.validators.RegexValidator("^[0-9a-f]{40}\\Z", "40 hex digits.")],
                    ),
                ),
                (
                    "license_text_sha256",
                    models.CharField(
                        blank=True,
                        max_length=64,
                        validators=[django.core.validators.RegexValidator("^[0-9a-f]{64}\\Z", "64 hex digits.")],
                    ),
                ),
                ("captured_on", models.DateField()),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="catalog.release"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.source"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("repository", "commit_sha"), name="revision_once")],
            },
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["family", "-released_on"], name="release_family_newest"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("access", "api_only"), _negated=True), ("weights_on__isnull", True), _connector="OR"
                ),
                name="release_api_only_has_no_weights_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_on__isnull", True),
                    ("weights_on__isnull", True),
                    ("withdrawn_on__gte", models.F("weights_on")),
                    _connector="OR",
                ),
                name="release_withdrawn_after_weights",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_on__isnull", True), ("withdrawn_on__gte", models.F("released_on")), _connector="OR"
                ),
                name="release_withdrawn_after_release",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hosted_ended_on__isnull", True),
                    ("hosted_ended_on__gte", models.F("released_on")),
                    _connector="OR",
                ),
                name="release_hosted_ended_after_release",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("api_first_on__isnull", True), ("api_first_on__lte", models.F("released_on")), _connector="OR"
                ),
                name="release_api_first_before_release",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("params_total_b__isnull", True), ("params_total_b__gt", 0), _connector="OR"),
                name="release_size_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("params_active_b__isnull", True), ("params_active_b__gt", 0), _connector="OR"),
                name="release_active_size_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("params_active_b__isnull", True),
                    ("params_total_b__isnull", True),
                    ("params_active_b__lte", models.F("params_total_b")),
                    _connector="OR",
                ),
                name="release_active_size_within_total",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("access__in", ["open_weights", "gated", "api_only", "restricted", "withdrawn"])),
                name="release_access_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("date_precision__in", ["day", "month", "year"])), name="release_precision_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__in", ["high", "medium", "low"])), name="release_confidence_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="license",
            constraint=models.CheckConstraint(
                condition=models.Q(("irrevocable", True), ("terminable", True), _negated=True),
                name="license_not_both_terminable_and_irrevocable",
            ),
        ),
        migrations.AddConstraint(
            model_name="license",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("text_read", True),
                    models.Q(
                        ("use_restrictions", False),
                        ("output_training_restriction", False),
                        ("naming_obligation", False),
                        ("terminable", False),
                        ("irrevocable", False),
                        _connector="OR",
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="license_unread_clause_is_never_no",
            ),
        ),
        migrations.AddConstraint(
            model_name="license",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "category__in",
                        [
                            "permissive",
                            "weak_copyleft",
                            "copyleft",
                            "source_available",
                            "restricted_open_weights",
                            "noncommercial",
                            "proprietary",
                        ],
                    )
                ),
                name="license_category_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="license",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("commercial_use", ""), ("commercial_use__in", ["yes", "no", "conditional"]), _connector="OR"
                ),
                name="license_commercial_use_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="threshold",
            constraint=models.UniqueConstraint(
                fields=("license", "metric", "who", "consequence", "period"), name="threshold_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="threshold",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__isnull", True), ("amount__gt", 0), _connector="OR"),
                name="threshold_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="threshold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__isnull", True),
                    models.Q(("metric__in", ("revenue", "funding")), ("currency", ""), _connector="XOR"),
                    _connector="OR",
                ),
                name="threshold_money_has_currency",
            ),
        ),
        migrations.AddIndex(
            model_name="signal",
            index=models.Index(fields=["vendor", "-occurred_on"], name="signal_vendor_newest"),
        ),
        migrations.AddIndex(
            model_name="signal",
            index=models.Index(fields=["-occurred_on", "-id"], name="signal_newest"),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__range", (1, 5))), name="signal_severity_1_to_5"
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(("direction__in", ["weakens", "strengthens", "neutral"])),
                name="signal_direction_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(("source_reliability__in", ["A", "B", "C", "D", "E", "F"])),
                name="signal_reliability_a_to_f",
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(("info_credibility__in", ["1", "2", "3", "4", "5", "6"])),
                name="signal_credibility_1_to_6",
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("date_precision", "day"), _negated=True),
                    ("published_on__isnull", True),
                    ("published_on__gte", models.F("occurred_on")),
                    _connector="OR",
                ),
                name="signal_published_after_it_occurred",
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(("date_precision__in", ["day", "month", "year"])), name="signal_precision_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__in", ["high", "medium", "low"])), name="signal_confidence_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="reach",
            constraint=models.UniqueConstraint(
                condition=models.Q(("family", None)),
                fields=("vendor", "measured_on", "metric", "source"),
                name="vendor_reach_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reach",
            constraint=models.UniqueConstraint(
                condition=models.Q(("family", None), _negated=True),
                fields=("family", "measured_on", "metric", "source"),
                name="family_reach_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reach",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__in", ["high", "medium", "low"])), name="reach_confidence_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_on__isnull", True),
                    ("made_on__isnull", True),
                    ("due_on__gte", models.F("made_on")),
                    _connector="OR",
                ),
                name="pledge_due_after_made",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status_on__isnull", True),
                    ("made_on__isnull", True),
                    ("status_on__gte", models.F("made_on")),
                    _connector="OR",
                ),
                name="pledge_ruled_after_made",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "open"), ("status_on__isnull", False), _connector="OR"),
                name="pledge_ruling_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(("specificity__in", ["vague", "directional", "specific", "binding"])),
                name="pledge_specificity_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "kept", "partly_kept", "at_risk", "broken", "superseded"])),
                name="pledge_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__in", ["high", "medium", "low"])), name="pledge_confidence_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(fields=("vendor", "modality"), name="line_vendor_modality_once"),
        ),
        migrations.AddIndex(
            model_name="licensechange",
            index=models.Index(fields=["-announced_on"], name="license_change_newest"),
        ),
        migrations.AddConstraint(
            model_name="licensechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("direction__in", ["tightening", "loosening"])),
                name="license_change_direction_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="licensechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("applies_to__in", ["new_versions", "all_versions"])),
                name="license_change_applies_to_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="licensechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope__in", ["weights", "code", "policy", "hosted_only"])),
                name="license_change_scope_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="licensechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__in", ["high", "medium", "low"])),
                name="license_change_confidence_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendorfact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("family", None)), fields=("vendor", "field", "valid_from"), name="vendor_fact_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="vendorfact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("family", None), _negated=True),
                fields=("family", "field", "valid_from"),
                name="family_fact_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendorfact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="vendor_fact_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="vendorfact",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__in", ["high", "medium", "low"])), name="vendor_fact_confidence_known"
            ),
        ),
    ]
