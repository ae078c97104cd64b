from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "riskboard.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from riskboard.audit.guarding import lay_triggers

        post_migrate.connect(lay_triggers, sender=self)
