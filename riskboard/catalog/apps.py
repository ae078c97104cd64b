from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CatalogConfig(AppConfig):
    name = "riskboard.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from riskboard.catalog.versioning import lay_triggers

        post_migrate.connect(lay_triggers, sender=self)
