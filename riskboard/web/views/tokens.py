from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from riskboard.web.access import Role, requires
from riskboard.web.accounts.forms import TokenForm
from riskboard.web.accounts.models import ApiToken
from riskboard.web.accounts.tokens import make_token, revoke
from riskboard.web.forms import NoParameters, require_form
from riskboard.web.pages.tokens import tokens_page


@require_form
@requires(Role.VIEWER)
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    NoParameters.check(request)
    user, now = _user(request), timezone.now()
    form = TokenForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        made = make_token(user, form.cleaned_data["name"], form.chosen, form.lasts, now)
        form = TokenForm()
    context = {"page": tokens_page(user, now), "form": form, "made": made}
    return render(request, "accounts/tokens.html", context, status=422 if form.is_bound and form.errors else 200)


@require_POST
@requires(Role.VIEWER)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    user = _user(request)
    token = get_object_or_404(ApiToken, pk=pk, user=user)
    revoke(token, user, timezone.now())
    messages.success(request, f"The token {token.prefix}… is revoked. Nothing gets in with it any more.")
    return redirect("tokens")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
