from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from riskboard.web.access import Role, requires, sign_in_with
from riskboard.web.accounts import second_factor, signing_in
from riskboard.web.accounts.addresses import client_address, local_path
from riskboard.web.accounts.carrying import Carried
from riskboard.web.accounts.forms import CodeForm, NextForm, SignInForm
from riskboard.web.accounts.throttling import WINDOW, TooManyAttemptsError, admit
from riskboard.web.forms import NoParameters, require_form
from riskboard.web.pages.accounts import account_page

TOO_MANY = "Too many attempts of late. Wait a quarter of an hour, then try again."


# Signing in and out -------------------------------------------------------------------------------


@require_form
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    then = local_path(NextForm.read(request)["next"])
    if request.method != "POST":
        return redirect(then) if request.user.is_authenticated else _form(request, "sign_in", SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _form(request, "sign_in", form)
    now = timezone.now()
    try:
        user = signing_in.check_password(request, form.cleaned_data["name"], form.cleaned_data["password"], now)
    except TooManyAttemptsError:
        return _too_many(request, "sign_in", form)
    if user is None:
        form.add_error(None, "This name and this password do not belong together.")
        return _form(request, "sign_in", form)
    if second_factor.is_on(user):
        signing_in.stop_half_way(request, user, then, now)
        return _form(request, "code", CodeForm()) if Carried.read(request.POST) else redirect("sign_in_code")
    signing_in.enter(request, user, now)
    return _go_on(request, then)


@require_form
@never_cache
@sensitive_post_parameters("code")
def sign_in_code(request: HttpRequest) -> HttpResponse:
    NoParameters.check(request)
    now = timezone.now()
    known = signing_in.half_way(request, now)
    if known is None:
        carried = Carried.read(request.POST)
        return sign_in_with(request, carried) if carried else redirect("sign_in")
    user, then = known
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, "code", form)
    try:
        is_right = signing_in.check_code(request, user, form.cleaned_data["code"], now)
    except TooManyAttemptsError:
        return _too_many(request, "code", form)
    if not is_right:
        form.add_error("code", "This code does not fit, or was used before. The app shows a new one every 30 seconds.")
        return _form(request, "code", form)
    signing_in.enter(request, user, now)
    return _go_on(request, then)


def _go_on(request: HttpRequest, then: str) -> HttpResponse:
    """Where they wanted to go, or what they wanted to send."""
    carried = Carried.read(request.POST)
    return render(request, "accounts/carried.html", {"carried": carried}) if carried else redirect(then)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("board")


def _form(request: HttpRequest, name: str, form: Form, status: int = 200) -> HttpResponse:
    context = {"form": form, "carried": Carried.read(request.POST)}
    return render(request, f"accounts/{name}.html", context, status=status)


def _too_many(request: HttpRequest, name: str, form: Form) -> HttpResponse:
    form.add_error(None, TOO_MANY)
    response = _form(request, name, form, status=429)
    response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return response


# One's own account --------------------------------------------------------------------------------


@require_GET
@requires(Role.VIEWER)
def show(request: HttpRequest) -> HttpResponse:
    NoParameters.check(request)
    return _account(request, CodeForm())


@require_form
@requires(Role.VIEWER)
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    form = PasswordChangeForm(user, request.POST or None)
    if request.method != "POST":
        return _form(request, "password", form)
    try:
        attempt = admit(user.get_username(), client_address(request), timezone.now())
    except TooManyAttemptsError:
        return _too_many(request, "password", PasswordChangeForm(user, {}))
    if "old_password" not in form.errors:
        attempt.was_right()
    if not form.is_valid():
        return _form(request, "password", form)
    update_session_auth_hash(request, form.save())
    messages.success(request, "Your password is changed. Everywhere else you are signed out now.")
    return redirect("account")


@require_POST
@requires(Role.VIEWER)
def begin_second_factor(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    try:
        secret = second_factor.begin(user)
    except second_factor.AlreadyOnError:
        messages.error(request, "You have a second factor. Remove it before you set up another.")
        return redirect("account")
    context = {"secret": secret, "address": second_factor.address_of(user, secret), "form": CodeForm()}
    return render(request, "accounts/second_factor.html", context)


@require_POST
@requires(Role.VIEWER)
@sensitive_post_parameters("code")
def confirm_second_factor(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    codes = second_factor.confirm(_user(request), form.cleaned_data["code"], timezone.now()) if form.is_valid() else []
    if codes:
        return render(request, "accounts/recovery_codes.html", {"codes": codes})
    form.add_error("code", "This code does not fit. Is the clock of your device right? Nothing is on yet.")
    return render(request, "accounts/second_factor.html", {"form": form})


@require_POST
@requires(Role.VIEWER)
@sensitive_post_parameters("code")
def remove_second_factor(request: HttpRequest) -> HttpResponse:
    user, form, now = _user(request), CodeForm(request.POST), timezone.now()
    if not form.is_valid():
        return _account(request, form)
    try:
        is_right = signing_in.check_code(request, user, form.cleaned_data["code"], now)
    except TooManyAttemptsError:
        form.add_error("code", TOO_MANY)
        return _account(request, form, status=429)
    if not is_right:
        form.add_error("code", "This code does not fit, or was used before. It stays on.")
        return _account(request, form)
    second_factor.remove(user, now)
    messages.success(request, "Your second factor is removed.")
    return redirect("account")


def _account(request: HttpRequest, form: Form, status: int = 200) -> HttpResponse:
    return render(request, "accounts/show.html", {"page": account_page(_user(request)), "form": form}, status=status)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
