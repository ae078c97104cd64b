from django.apps import AppConfig
from django.apps import apps as registry
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "riskboard.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(make_groups, sender=self)


def make_groups(*, apps: Apps = registry, using: str = DEFAULT_DB_ALIAS, **_signal: object) -> None:
    """After every migration, so that the roles are there however the database came about."""
    from riskboard.web.access import GROUPS

    if ("auth", "group") not in _tables(apps):
        return
    for name in GROUPS:
        apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)


def _tables(apps: Apps) -> set[tuple[str, str]]:
    """What the migrations that have run so far made: some commands run a part of them."""
    return {(model._meta.app_label, str(model._meta.model_name)) for model in apps.get_models()}
