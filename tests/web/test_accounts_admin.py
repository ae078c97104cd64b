"""Who may do what is given and taken in the admin, and the audit log says by whom."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from riskboard.audit.models import Entry
from riskboard.audit.verifying import verify
from riskboard.web.access import Role
from riskboard.web.accounts.models import SecondFactor
from tests.web.people import make_user

pytestmark = pytest.mark.django_db


def change(client: Client, user: User, **changes: Any) -> None:
    url = f"/admin/auth/user/{user.pk}/change/"
    form = client.get(url).context["adminform"].form
    posted = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
    posted["groups"] = [str(getattr(pk, "pk", pk)) for pk in posted.get("groups", [])]
    for name in ("last_login", "date_joined"):
        moment = posted.pop(name, None)
        if moment:
            posted |= {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": f"{moment:%H:%M:%S}"}
    response = client.post(url, {**posted, **changes})
    assert response.status_code == 302, response.context["adminform"].form.errors


def test_a_role_that_is_given_is_on_record(admin_client: Client, admin_user: User) -> None:
    ann = make_user(Role.ANALYST, "ann")
    change(admin_client, ann, groups=[Group.objects.get(name="reviewer").pk])
    entry = Entry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == (admin_user, "account changed", f"account:{ann.pk}")
    assert [content and content["role"] for content in (entry.before, entry.after)] == ["analyst", "reviewer"]
    assert not entry.is_public
    assert verify() == []


def test_what_changes_no_rights_is_not_on_record(admin_client: Client) -> None:
    ann = make_user(Role.ANALYST, "ann")
    change(admin_client, ann, first_name="Ann")
    assert not Entry.objects.exists()


def test_an_account_that_is_made_switched_off_and_deleted_is_on_record(admin_client: Client) -> None:
    secret = "correct horse battery"
    posted = {"username": "ben", "usable_password": "true", "password1": secret, "password2": secret}
    assert admin_client.post("/admin/auth/user/add/", posted).status_code == 302
    ben = User.objects.get(username="ben")
    change(admin_client, ben, is_active="")
    admin_client.post(f"/admin/auth/user/{ben.pk}/delete/", {"post": "yes"})
    entries = list(Entry.objects.order_by("pk"))
    assert [entry.action for entry in entries] == ["account made", "account changed", "account deleted"]
    assert {entry.subject for entry in entries} == {f"account:{ben.pk}"}
    assert (entries[2].before or {})["name"] == "ben"
    assert secret not in str([(entry.before, entry.after) for entry in entries])


def test_accounts_deleted_from_the_list_are_on_record(admin_client: Client) -> None:
    pks = [make_user(Role.VIEWER, name).pk for name in ("ann", "ben")]
    admin_client.post("/admin/auth/user/", {"action": "delete_selected", "_selected_action": pks, "post": "yes"})
    assert not User.objects.filter(pk__in=pks).exists()
    assert list(Entry.objects.values_list("action", flat=True)) == ["account deleted"] * 2


def test_a_password_that_an_admin_sets_is_on_record(admin_client: Client) -> None:
    ann, secret = make_user(Role.ANALYST, "ann"), "correct horse battery"
    url = f"/admin/auth/user/{ann.pk}/password/"
    admin_client.post(url, {"usable_password": "true", "password1": secret, "password2": "another"})
    assert not Entry.objects.exists()
    admin_client.post(url, {"usable_password": "true", "password1": secret, "password2": secret})
    entry = Entry.objects.get()
    assert (entry.action, entry.subject) == ("password set", f"account:{ann.pk}")


def test_nobody_deletes_themselves(admin_client: Client, admin_user: User) -> None:
    assert admin_client.post(f"/admin/auth/user/{admin_user.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=admin_user.pk).exists()


@pytest.mark.parametrize("from_list", [False, True])
def test_a_second_factor_that_an_admin_removes_is_on_record(admin_client: Client, from_list: bool) -> None:
    ann = make_user(Role.ANALYST, "ann")
    factor = SecondFactor.objects.create(user=ann, sealed_secret="x", confirmed_at=timezone.now())
    if from_list:
        chosen = {"action": "delete_selected", "_selected_action": [factor.pk], "post": "yes"}
        admin_client.post("/admin/accounts/secondfactor/", chosen)
    else:
        admin_client.post(f"/admin/accounts/secondfactor/{factor.pk}/delete/", {"post": "yes"})
    assert not SecondFactor.objects.exists()
    entry = Entry.objects.get()
    assert (entry.action, entry.subject) == ("second factor off", f"account:{ann.pk}")


def test_the_roles_themselves_are_not_edited(admin_client: Client) -> None:
    assert admin_client.get("/admin/auth/group/").status_code == 404
