import pytest
from django.apps import apps

from tests import cast


@pytest.mark.django_db
def test_the_whole_cast_keeps_the_rules_of_the_catalog() -> None:
    for player in (cast.keeper(), cast.hedger(), cast.breaker()):
        cast.make_reach(player.vendor, player.family)
        cast.make_revision(player.releases[0])
    models = [model for model in apps.get_app_config("catalog").get_models() if not model.__name__.startswith("Hist")]
    rows = [row for model in models for row in model._default_manager.all()]
    for row in rows:
        row.full_clean()
    assert len(rows) > 60
