from django.apps import AppConfig
from django.core.checks import register


class WebConfig(AppConfig):
    name = "riskboard.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from riskboard.web.checks import vendor_files_present

        register(vendor_files_present)
