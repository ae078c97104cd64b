from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from riskboard.catalog.models import Pledge
from riskboard.ingest import amending, rows, services
from riskboard.ingest.client import Client, FetchError
from riskboard.ingest.models import Proposal
from riskboard.ingest.ruling import RULING
from riskboard.ingest.titles import page_title
from riskboard.web import effects
from riskboard.web.access import Role, requires
from riskboard.web.forms import NoParameters, require_form
from riskboard.web.forms_entering import KINDS, EntryForm, Kind, RulingForm, typed_texts
from riskboard.web.pages.entering import (
    EntryPage,
    Preview,
    conflict_page,
    enter_page,
    entry_page,
    preview_of,
    ruling_page,
)
from riskboard.web.pages.inbox import title_of
from riskboard.web.rendering import wants_part
from riskboard.web.views.waiting import say_it_waits
from riskboard.web.without import change_effect

SECONDS_FOR_A_TITLE = 6.0


@require_GET
@never_cache
@requires(Role.ANALYST)
def index(request: HttpRequest) -> HttpResponse:
    NoParameters.check(request)
    return render(request, "entering/index.html", {"page": enter_page(request.user)})


@require_form
@never_cache
@requires(Role.ANALYST)
def entry(request: HttpRequest, kind: str) -> HttpResponse:
    """The form; what it would do, or a title for its source, or the row saved, as the button says that was pressed."""
    of = _kind(kind)
    if request.method != "POST":
        return _show(request, entry_page(EntryForm.prefilled(of, request)))
    if request.POST.get("do") == "preview":
        return _show(request, _previewed(of, request))
    if request.POST.get("do") == "title":
        return _show(request, _with_title(of, request))
    if "use_title" in request.POST:
        data = {**request.POST.dict(), "source_title": request.POST["use_title"]}
        return _show(request, entry_page(EntryForm(of, data, {})))
    return _save(request, of)


@require_POST
@requires(Role.ANALYST)
def preview(request: HttpRequest, kind: str) -> HttpResponse:
    """What saving would do, as a part of the page, while the form is being filled."""
    of = _kind(kind)
    return render(request, "entering/_preview.html", {"preview": _look(of, request), "kind": of, "is_part": True})


@require_POST
@requires(Role.ANALYST)
def title(request: HttpRequest) -> HttpResponse:
    """The title of a page as a part beside the field that it is offered for."""
    offer, fault = _title(request.POST.get("source_url", ""))
    return render(request, "entering/_offer.html", {"offer": offer, "fault": fault})


@require_POST
@requires(Role.ANALYST)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = get_object_or_404(Proposal.objects.select_related("item"), pk=pk)
    version = request.POST.get("version", "")
    try:
        number = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
        services.undo(proposal, by=_user(request), now=timezone.now(), version=number)
    except services.Conflict:
        messages.error(request, "Somebody decided about it meanwhile. Nothing was undone.")
    except services.UndoError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Undone: {title_of(proposal)}. It waits in the inbox, where it can be dismissed.")
    return redirect("enter")


@require_form
@never_cache
@requires(Role.ANALYST)
def ruling(request: HttpRequest, key: str) -> HttpResponse:
    NoParameters.check(request)
    related = Pledge.objects.select_related("source", "status_source", "vendor", "family")
    pledge, today = get_object_or_404(related, key=key), timezone.localdate()
    if request.method != "POST":
        known = {"version": services.version_of(pledge), "status": pledge.status, "status_on": today.isoformat()}
        return _show_ruling(request, ruling_page(pledge, RulingForm(None, known), today))
    typed = {name: request.POST.get(name, "").replace("\0", "").strip() for name in RULING}
    if request.POST.get("do") == "preview":
        return _show_ruling(request, ruling_page(pledge, RulingForm(request.POST, {}), today, typed))
    return _rule(request, pledge, typed)


# Saving -------------------------------------------------------------------------------------------


def _save(request: HttpRequest, of: Kind) -> HttpResponse:
    form, now = EntryForm(of, request.POST, {}), timezone.now()
    if not form.is_valid():
        return _show(request, entry_page(form), 422)
    typed = typed_texts(of, request.POST)
    known = rows.stored(of.table, typed) if form.cleaned_data["version"] else None
    try:
        if known is not None:
            return _save_over(request, form, known, typed)
        entered = services.enter(
            of.table,
            typed,
            by=_user(request),
            now=now,
            effect=effects.effect(now.date()),
            key=form.cleaned_data["sent_as"],
            refuse_known=True,
        )
    except services.RowConflict as conflict:
        return _conflict(request, form, conflict.row, typed)
    except ValidationError as error:
        form.refuse(_without_key(error.message_dict, of, typed))
        return _show(request, entry_page(form), 422)
    return _say(request, form, entered, typed)


def _save_over(request: HttpRequest, form: EntryForm, known: Any, typed: dict[str, str]) -> HttpResponse:  # noqa: ANN401
    now, said = timezone.now(), form.cleaned_data
    try:
        asked = amending.correct(
            known,
            typed,
            by=_user(request),
            reason=said["why"],
            now=now,
            version=said["version"],
            effect=change_effect(now.date()),
        )
    except ValidationError as error:
        if set(error.message_dict) != {"reason"}:
            raise
        return _conflict(request, form, known, typed, "Say why the row on record is wrong: the correction is public.")
    if asked.waiting is not None:
        return say_it_waits(request, asked.waiting, now.date())
    messages.success(request, f"Corrected: {known}")
    return redirect(known.get_absolute_url())


def _say(request: HttpRequest, form: EntryForm, entered: Proposal, typed: dict[str, str]) -> HttpResponse:
    kept = {**typed, form.kind.key: typed[form.kind.key] or entered.fields[form.kind.key]}
    if any(text != entered.fields.get(name, "") for name, text in kept.items()):
        return _sent_before(request, form, entered, typed)
    said = "Recorded"
    if entered.state == "second":
        said = "It waits for a second person, who finds it in the inbox"
    messages.success(request, f"{said}: {title_of(entered)}")
    return redirect("enter")


def _sent_before(request: HttpRequest, form: EntryForm, entered: Proposal, typed: dict[str, str]) -> HttpResponse:
    """This form was sent already, and said something else then."""
    row = rows.find(entered.evidence)
    if row is not None:
        return _conflict(request, form, row, typed, "You sent this form before, and it said something else then.")
    again = EntryForm(form.kind, {**typed, "sent_as": form["sent_as"].initial}, {})
    again.add_error(None, "You sent this form before, and it said something else then. Save it to enter another row.")
    return _show(request, entry_page(again), 409)


def _conflict(
    request: HttpRequest,
    form: EntryForm,
    row: Any,  # noqa: ANN401 - any row
    typed: dict[str, str],
    problem: str = "",
) -> HttpResponse:
    page = conflict_page(form, row, typed, preview_of(form.kind, typed, timezone.localdate(), row), problem)
    return _show(request, page, 409)


def _without_key(faults: dict[str, list[str]], of: Kind, typed: dict[str, str]) -> dict[str, list[str]]:
    """No key was made because something else is missing: only that is worth a word."""
    if typed[of.key] or len(faults) == 1:
        return faults
    return {name: said for name, said in faults.items() if name != of.key}


def _rule(request: HttpRequest, pledge: Pledge, typed: dict[str, str]) -> HttpResponse:
    form, today = RulingForm(request.POST, {}), timezone.localdate()
    if not form.is_valid():
        return _show_ruling(request, ruling_page(pledge, form, today), 422)
    version, now = form.cleaned_data["version"], timezone.now()
    try:
        effect = change_effect(now.date())
        asked = amending.rule(pledge, typed, by=_user(request), now=now, version=version, effect=effect)
    except services.RowConflict as conflict:
        again = RulingForm({**typed, "version": conflict.version}, {})
        return _show_ruling(request, ruling_page(pledge, again, today, typed, conflict.row), 409)
    except ValidationError as error:
        form.refuse(error.message_dict)
        return _show_ruling(request, ruling_page(pledge, form, today), 422)
    if asked.waiting is not None:
        return say_it_waits(request, asked.waiting, now.date())
    messages.success(request, "Your ruling is on record.")
    return redirect(pledge.get_absolute_url())


# Parts --------------------------------------------------------------------------------------------


def _kind(code: str) -> Kind:
    if code not in KINDS:
        raise Http404(f"There is no form for {code}.")
    return KINDS[code]


def _previewed(of: Kind, request: HttpRequest) -> EntryPage:
    return entry_page(EntryForm(of, request.POST, {}), _look(of, request))


def _look(of: Kind, request: HttpRequest) -> Preview:
    """With a version it is to be saved over a row on record."""
    typed = typed_texts(of, request.POST)
    known = rows.stored(of.table, typed) if request.POST.get("version") else None
    return preview_of(of, typed, timezone.localdate(), known)


def _with_title(of: Kind, request: HttpRequest) -> EntryPage:
    offer, fault = _title(request.POST.get("source_url", ""))
    return entry_page(EntryForm(of, request.POST, {}), offer=offer, offer_fault=fault)


def _title(url: str) -> tuple[str, str]:
    """What the page calls itself, or else why that is not known."""
    if not url.strip():
        return "", "Write the address first."
    try:
        return page_title(url.strip(), Client(now=timezone.now, deadline=SECONDS_FOR_A_TITLE, patience=1.0)), ""
    except FetchError as error:
        return "", str(error)


def _show(request: HttpRequest, page: EntryPage, status: int = 200) -> HttpResponse:
    return render(request, "entering/entry.html", {"page": page}, status=status)


def _show_ruling(request: HttpRequest, page: Any, status: int = 200) -> HttpResponse:  # noqa: ANN401
    template = "entering/_ruling_preview.html" if wants_part(request) else "entering/ruling.html"
    return render(request, template, {"page": page}, status=status)


def _user(request: HttpRequest) -> Any:  # noqa: ANN401 - the decorator let in nobody without an account
    return request.user
