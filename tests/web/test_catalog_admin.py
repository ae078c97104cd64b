from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.forms import BaseForm, CheckboxInput
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from riskboard.audit.models import Entry
from riskboard.audit.verifying import verify
from riskboard.catalog.loading import SHIPPED, load_evidence
from riskboard.catalog.models import (
    License,
    LicenseChange,
    Line,
    Pledge,
    Release,
    Signal,
    Source,
    Threshold,
    Tombstone,
    Vendor,
)
from riskboard.catalog.queries import evidence_version
from riskboard.ingest.recording import removed
from riskboard.web.admin import recording
from riskboard.web.admin.recording import RecordingAdmin
from tests import cast

pytestmark = pytest.mark.django_db
REGISTERED = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "catalog"), key=lambda model: model.__name__
)
RECORDING = [model for model in REGISTERED if isinstance(admin.site._registry[model], RecordingAdmin)]


@pytest.fixture
def everyone() -> None:
    for player in (cast.keeper(), cast.hedger(), cast.breaker()):
        cast.make_reach(player.vendor, player.family)
        cast.make_revision(player.releases[0])
    Tombstone.objects.create(table="signals", key="gone")


def page(model: type[Model], name: str, *args: object) -> str:
    return reverse(f"admin:catalog_{model._meta.model_name}_{name}", args=args)


def filled(client: Client, url: str, **changes: object) -> dict[str, Any]:
    """What a browser would post back from the form at ``url``, with ``changes``."""
    context = client.get(url).context
    forms: list[BaseForm] = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    fields = [bound for form in forms for bound in form]
    ticked = [bound for bound in fields if bound.value() or not isinstance(bound.field.widget, CheckboxInput)]
    posted = {bound.html_name: "" if bound.value() is None else bound.value() for bound in ticked}
    return {**posted, **changes}


@pytest.mark.parametrize("model", REGISTERED)
@pytest.mark.usefixtures("everyone")
def test_every_list_opens_by_few_queries_and_can_be_searched(
    admin_client: Client, model: type[Model], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(14):
        assert admin_client.get(page(model, "changelist")).status_code == 200
    found = admin_client.get(page(model, "changelist"), {"q": "no such thing"})
    assert found.status_code == 200
    assert found.context["cl"].result_count == 0


@pytest.mark.parametrize("model", REGISTERED)
@pytest.mark.usefixtures("everyone")
def test_every_filter_of_every_list_works(admin_client: Client, model: type[Model]) -> None:
    filters = admin_client.get(page(model, "changelist")).context["cl"].filter_specs
    for spec in filters:
        choices = list(spec.choices(admin_client.get(page(model, "changelist")).context["cl"]))
        assert admin_client.get(page(model, "changelist") + choices[-1]["query_string"]).status_code == 200


@pytest.mark.parametrize("model", REGISTERED)
@pytest.mark.usefixtures("everyone")
def test_every_row_opens_by_few_queries(
    admin_client: Client, model: type[Model], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    row = model._default_manager.order_by("pk").last()
    assert row is not None
    with django_assert_max_num_queries(20):
        assert admin_client.get(page(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", RECORDING)
@pytest.mark.usefixtures("everyone")
def test_every_row_shows_its_history_and_every_kind_can_be_added(admin_client: Client, model: type[Model]) -> None:
    row = model._default_manager.order_by("pk").first()
    assert row is not None
    assert admin_client.get(page(model, "history", row.pk)).status_code == 200
    assert admin_client.get(page(model, "add")).status_code == 200


@pytest.mark.parametrize("model", RECORDING)
@pytest.mark.usefixtures("everyone")
def test_saving_a_form_as_it_is_does_not_make_a_row_local(admin_client: Client, model: type[Model]) -> None:
    row = model._default_manager.order_by("pk").first()
    assert row is not None
    before = evidence_version()
    url = page(model, "change", row.pk)
    assert admin_client.post(url, filled(admin_client, url)).status_code == 302
    assert not model._default_manager.filter(is_local=True).exists()
    assert evidence_version() == before


def test_an_edit_is_local_and_keeps_who_and_why(admin_client: Client, admin_user: Model) -> None:
    signal = cast.make_signal(cast.make_vendor())
    url = page(Signal, "change", signal.pk)
    posted = filled(admin_client, url, severity=5, change_reason="It was half of the staff")
    before = evidence_version()
    assert admin_client.post(url, posted).status_code == 302
    signal.refresh_from_db()
    assert (signal.severity, signal.is_local) == (5, True)
    entry = signal.history.latest()
    assert (entry.history_user, entry.history_change_reason) == (admin_user, "It was half of the staff")
    assert evidence_version() != before


def test_a_derived_day_of_publication_stays_derived_until_it_is_stated(admin_client: Client) -> None:
    signal = cast.make_signal(cast.make_vendor(), published_on=None, date_precision="month")
    url = page(Signal, "change", signal.pk)
    admin_client.post(url, filled(admin_client, url, occurred_on="2025-04-01"))
    signal.refresh_from_db()
    assert (signal.published_on, signal.published_is_derived) == (date(2025, 4, 30), True)
    admin_client.post(url, filled(admin_client, url, published_on="2025-04-07"))
    signal.refresh_from_db()
    assert (signal.published_on, signal.published_is_derived) == (date(2025, 4, 7), False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"severity": 9}, "severity"),
        ({"occurred_on": "2025-02-31"}, "occurred_on"),
        ({"published_on": "2025-01-01"}, "published_on"),
        ({"kind": "unheard_of"}, "kind"),
    ],
)
def test_a_form_says_which_field_breaks_a_rule(admin_client: Client, change: dict[str, object], field: str) -> None:
    signal = cast.make_signal(cast.make_vendor())
    url = page(Signal, "change", signal.pk)
    answer = admin_client.post(url, filled(admin_client, url, **change))
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    signal.refresh_from_db()
    assert not signal.is_local


def test_the_key_of_a_stored_row_cannot_be_edited(admin_client: Client) -> None:
    vendor = cast.make_vendor("acme")
    url = page(Vendor, "change", vendor.pk)
    posted = filled(admin_client, url, slug="other", country="DE")
    admin_client.post(url, posted)
    vendor.refresh_from_db()
    assert (vendor.slug, vendor.country) == ("acme", "DE")


def test_a_pledge_settled_in_its_form_gets_a_ruling(admin_client: Client) -> None:
    pledge = cast.make_pledge(cast.make_vendor())
    url = page(Pledge, "change", pledge.pk)
    posted = filled(
        admin_client, url, status="broken", status_on="2025-09-01", status_reason="The next one came closed."
    )
    assert admin_client.post(url, posted).status_code == 302
    assert [ruling.status for ruling in pledge.rulings.order_by("pk")] == ["open", "broken"]


def test_an_edited_threshold_makes_its_license_local(admin_client: Client) -> None:
    license_ = cast.make_community_license()
    url = page(License, "change", license_.pk)
    posted = filled(admin_client, url, **{"thresholds-0-amount": "5000000"})
    assert admin_client.post(url, posted).status_code == 302
    license_.refresh_from_db()
    assert license_.is_local
    assert Threshold.objects.get().amount == 5_000_000


def test_a_deleted_row_leaves_a_tombstone(admin_client: Client) -> None:
    signal = cast.make_signal(cast.make_vendor(), key="rumor")
    admin_client.post(page(Signal, "delete", signal.pk), {"post": "yes"})
    assert not Signal.objects.exists()
    assert str(Tombstone.objects.get()) == "signals rumor"


def test_rows_deleted_from_the_list_leave_tombstones(admin_client: Client) -> None:
    vendor = cast.make_vendor()
    rows = [cast.make_signal(vendor).pk for _ in range(3)]
    admin_client.post(
        page(Signal, "changelist"), {"action": "delete_selected", "_selected_action": rows[:2], "post": "yes"}
    )
    assert Signal.objects.count() == 1
    assert Tombstone.objects.count() == 2


def test_what_others_stand_on_is_not_deleted(admin_client: Client) -> None:
    player = cast.keeper()
    answer = admin_client.post(page(Vendor, "delete", player.vendor.pk), {"post": "yes"})
    assert answer.status_code == 200
    assert Vendor.objects.exists()
    assert not Tombstone.objects.exists()


def test_an_older_state_can_be_brought_back(admin_client: Client) -> None:
    signal = cast.make_signal(cast.make_vendor(), severity=3)
    signal.severity = 5
    signal.save()
    older = signal.history.earliest()
    url = page(Signal, "simple_history", signal.pk, older.history_id)
    context = admin_client.get(url).context
    posted = {bound.html_name: bound.value() or "" for bound in context["adminform"].form}
    assert admin_client.post(url, posted).status_code == 302
    signal.refresh_from_db()
    assert (signal.severity, signal.is_local) == (3, True)


def test_a_source_is_added_and_never_changed(admin_client: Client) -> None:
    answer = admin_client.post(page(Source, "add"), {"url": "https://news.example/a", "title": "Recalled from a talk"})
    assert answer.status_code == 302
    source = Source.objects.get()
    assert source.is_recalled
    assert admin_client.post(page(Source, "change", source.pk), {"url": "https://other.example/"}).status_code == 403
    assert admin_client.post(page(Source, "delete", source.pk), {"post": "yes"}).status_code == 403


def test_the_lists_of_the_shipped_evidence_open(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    load_evidence(SHIPPED, now=datetime(2026, 11, 24, tzinfo=UTC))
    for model, words in ((Release, "Qwen3"), (LicenseChange, "minimax"), (Pledge, "Zuckerberg"), (Signal, "layoffs")):
        with django_assert_max_num_queries(14):
            found = admin_client.get(page(model, "changelist"), {"q": words})
        assert found.context["cl"].result_count > 0


# On record ------------------------------------------------------------------------------------------


def said(content: object) -> dict[str, str]:
    assert isinstance(content, dict)
    return content


def told() -> list[tuple[str, str]]:
    assert verify() == []
    return list(Entry.objects.order_by("pk").values_list("action", "subject"))


def test_an_edit_is_in_the_audit_log_with_what_it_said_before(admin_client: Client, admin_user: Model) -> None:
    signal = cast.make_signal(cast.make_vendor(), key="layoffs", severity=3)
    url = page(Signal, "change", signal.pk)
    admin_client.post(url, filled(admin_client, url, severity=5, change_reason="It was half of the staff"))
    entry = Entry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == (admin_user, "corrected", "signal:layoffs")
    assert (said(entry.before)["severity"], said(entry.after)["severity"]) == ("3", "5")
    assert {name for name in said(entry.before) if said(entry.before)[name] != said(entry.after)[name]} == {"severity"}
    assert (entry.reason, entry.is_public) == ("It was half of the staff", True)


def test_an_edit_without_a_reason_says_where_it_was_made(admin_client: Client) -> None:
    vendor = cast.make_vendor("acme")
    url = page(Vendor, "change", vendor.pk)
    admin_client.post(url, filled(admin_client, url, country="DE"))
    assert Entry.objects.get().reason == "Edited in the admin"


def test_a_new_row_is_in_the_audit_log(admin_client: Client) -> None:
    vendor = cast.make_vendor("acme")
    url = page(Line, "add")
    posted = filled(
        admin_client, url, slug="acme-image", name="Acme image", vendor=vendor.pk, modality="image", change_reason="New"
    )
    answer = admin_client.post(url, posted)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    entry = Entry.objects.get()
    assert (entry.action, entry.subject, entry.before) == ("recorded", "line:acme-image", None)
    assert (said(entry.after)["name"], entry.reason, entry.is_public) == ("Acme image", "New", False)


@pytest.mark.parametrize("model", RECORDING)
@pytest.mark.usefixtures("everyone")
def test_saving_a_form_as_it_is_is_not_on_record(admin_client: Client, model: type[Model]) -> None:
    row = model._default_manager.order_by("pk").first()
    assert row is not None
    url = page(model, "change", row.pk)
    admin_client.post(url, filled(admin_client, url))
    assert told() == []


def test_a_deleted_row_stays_in_the_audit_log(admin_client: Client) -> None:
    signal = cast.make_signal(cast.make_vendor(), key="rumor", severity=3)
    admin_client.post(page(Signal, "delete", signal.pk), {"post": "yes"})
    entry = Entry.objects.get()
    assert (entry.action, entry.subject, entry.reason) == ("withdrawn", "signal:rumor", "Deleted in the admin")
    assert (said(entry.before)["severity"], entry.after, entry.is_public) == ("3", None, True)


def test_rows_deleted_from_the_list_are_each_in_the_audit_log(admin_client: Client) -> None:
    vendor = cast.make_vendor()
    rows = [cast.make_signal(vendor, key=key).pk for key in ("a", "b", "c")]
    chosen = {"action": "delete_selected", "_selected_action": rows[:2], "post": "yes"}
    admin_client.post(page(Signal, "changelist"), chosen)
    assert sorted(told()) == [("withdrawn", "signal:a"), ("withdrawn", "signal:b")]


def test_rows_deleted_from_the_list_go_together_or_not_at_all(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = cast.make_vendor()
    rows = [cast.make_signal(vendor, key=key).pk for key in ("a", "b")]
    real, calls = removed, iter([True, False])

    def fails_the_second_time(*arguments: Any, **named: Any) -> None:
        if not next(calls):
            raise RuntimeError("The database is gone.")
        real(*arguments, **named)

    monkeypatch.setattr(recording, "removed", fails_the_second_time)
    with pytest.raises(RuntimeError):
        admin_client.post(
            page(Signal, "changelist"), {"action": "delete_selected", "_selected_action": rows, "post": "yes"}
        )
    assert Signal.objects.count() == 2
    assert told() == []


def test_an_edited_threshold_is_in_the_audit_log_and_so_is_one_that_goes_with_its_license(
    admin_client: Client,
) -> None:
    license_ = cast.make_community_license()
    threshold = Threshold.objects.get()
    url = page(License, "change", license_.pk)
    admin_client.post(url, filled(admin_client, url, **{"thresholds-0-amount": "5000000"}))
    assert told() == [("corrected", f"threshold:{threshold.pk}")]
    assert "5000000" in said(Entry.objects.get().after)["amount"]
    admin_client.post(page(License, "delete", license_.pk), {"post": "yes"})
    assert told()[1:] == [
        ("withdrawn", f"threshold:{threshold.pk}"),
        ("withdrawn", f"license:{license_.key}"),
    ]


def test_an_older_state_that_is_brought_back_is_in_the_audit_log(admin_client: Client) -> None:
    signal = cast.make_signal(cast.make_vendor(), key="layoffs", severity=3)
    signal.severity = 5
    signal.save()
    url = page(Signal, "simple_history", signal.pk, signal.history.earliest().history_id)
    context = admin_client.get(url).context
    admin_client.post(url, {bound.html_name: bound.value() or "" for bound in context["adminform"].form})
    entry = Entry.objects.get()
    assert (entry.action, said(entry.before)["severity"], said(entry.after)["severity"]) == ("corrected", "5", "3")


def test_a_new_source_and_a_tombstone_that_goes_are_in_the_audit_log(admin_client: Client) -> None:
    admin_client.post(page(Source, "add"), {"url": "https://news.example/a", "title": "A talk"})
    stone = Tombstone.objects.create(table="signals", key="rumor")
    admin_client.post(page(Tombstone, "delete", stone.pk), {"post": "yes"})
    assert told() == [("recorded", f"source:{Source.objects.get().pk}"), ("freed", "tombstone:signals:rumor")]
