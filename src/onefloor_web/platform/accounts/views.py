"""Pages of accounts: users of one's own company, the roles they hold, what each role may do, one's own settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from onefloor_web.platform.accounts import actions, queries
from onefloor_web.platform.accounts.confirming import confirmed
from onefloor_web.platform.accounts.forms import EndForm, InviteForm, ProfileForm, RoleForm, UserForm
from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.accounts.second_factors import has_one
from onefloor_web.platform.floor import today
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.formats import day, moment
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import SIGNED_IN, ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.permissions.roles import Role

post_or_get = require_http_methods(["GET", "POST"])
LINK = "link_to_pass_on"
View = Callable[..., HttpResponseBase]


def changes_user(view: View) -> View:
    """Finds the user of an address before anything is asked; one of another company is 404, confirmed or not."""

    @wraps(view)
    def of_number(request: ViewerRequest, number: int, **named: int) -> HttpResponseBase:
        return view(request, _user(request, "accounts.change", number), **named)

    return of_number


def state_of(user: User) -> str:
    """A user's state in a word."""
    if not user.is_active:
        return _("closed")
    return _("active") if user.last_login or user.has_usable_password() else _("invited")


def held_words(held: Assignment) -> str:
    """``Team leader, North 2, 2026-01-01 – 2026-06-30``."""
    days = f"{day(held.starts_on)} –" + (f" {day(held.ends_on)}" if held.ends_on else "")
    return " · ".join(part for part in (held.get_role_display(), held.team.name if held.team else "", days) if part)


USERS = (
    Column(gettext_lazy("Name of the person"), str, sort="name", url=lambda user: reverse("account", args=[user.pk])),
    Column(gettext_lazy("User name"), lambda user: user.username, sort="username"),
    Column(gettext_lazy("State"), state_of),
    Column(
        gettext_lazy("Roles"),
        lambda user: format_html_join("", "<div>{}</div>", ((held_words(one),) for one in user.held)),
    ),
    Column(gettext_lazy("Second factor"), lambda user: _("yes") if user.has_factor else _("no")),
    Column(
        gettext_lazy("Last sign-in"),
        lambda user: moment(user.last_login) if user.last_login else "–",
        sort="last_login",
    ),
)


@page("accounts.view")
@require_safe
def accounts(request: ViewerRequest) -> HttpResponse:
    """Who of one's own company may sign in."""
    wanted = request.GET.get("q", "").replace("\0", "").strip()
    empty = Empty(_("No user fits."), _("Show all users"), reverse("accounts"))
    rows = queries.users(request.viewer, today(), wanted=wanted)
    table = Table.of(request, rows, USERS, caption=_("Users"), empty=empty, order="name", hidden_caption=True)
    change = can(request.viewer, "accounts.change")
    return render(request, "accounts/accounts.html", {"table": table, "wanted": wanted, "change": change})


@page("accounts.change")
@post_or_get
@confirmed
def invite(request: ViewerRequest) -> HttpResponse:
    """Invite somebody."""
    initial = {"starts_on": today(), "language": settings.LANGUAGE_CODE}
    form = InviteForm(request.viewer, request.POST or None, initial=initial)
    if form.is_valid() and (user := _invited(request, form)) is not None:
        _send_link(request, user)
        return redirect("account", user.pk)
    return render(request, "accounts/invite.html", {"form": form})


@page("accounts.view")
@never_cache
@require_safe
def account(request: ViewerRequest, number: int) -> HttpResponse:
    """One user: what they are called, the roles they held and hold, how they sign in."""
    user = _user(request, "accounts.view", number)
    link = request.session.pop(f"{LINK}_{user.pk}", "")
    asked = {
        "user": user,
        "state": state_of(user),
        "roles": [
            (one, held_words(one), one.ends_on is None or one.ends_on >= today()) for one in queries.roles_of(user)
        ],
        "has_factor": has_one(user.pk),
        "change": can(request.viewer, "accounts.change"),
        "link": request.build_absolute_uri(link) if link else "",
    }
    return render(request, "accounts/account.html", asked)


@page("accounts.change")
@post_or_get
@changes_user
@confirmed
def change(request: ViewerRequest, user: User) -> HttpResponse:
    """Name, address, agent code."""
    initial = {"name": user.name, "email": user.email, "agent": user.person.code if user.person else ""}
    form = UserForm(request.viewer, user, request.POST or None, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        actions.change(request.viewer, user, name=said["name"], email=said["email"], person=said["agent"])
        return _back(user)
    return _form(request, user, form, title=_("Change %(name)s") % {"name": user}, submit=_("Save"))


@page("accounts.change")
@post_or_get
@changes_user
@confirmed
def send_link(request: ViewerRequest, user: User) -> HttpResponse:
    """A new link that sets the password."""
    if request.method == "POST":
        _send_link(request, user)
        return _back(user)
    consequence = _(
        "The link sets a new password. It works once, for three days; the present password works until then."
    )
    return _confirm(request, user, _("Send %(name)s a link") % {"name": user}, consequence, _("Send the link"))


@page("accounts.change")
@post_or_get
@changes_user
@confirmed
def close(request: ViewerRequest, user: User) -> HttpResponse:
    """A user may not sign in any more."""
    if request.method == "POST":
        return _done_or_refused(request, user, lambda: actions.close(request.viewer, user, today()))
    consequence = _("%(name)s is signed out everywhere at once and cannot sign in. What was done stays, with the name.")
    return _confirm(
        request, user, _("Close the account of %(name)s") % {"name": user}, consequence % {"name": user}, _("Close it"),
        danger=True,
    )  # fmt: skip


@page("accounts.change")
@post_or_get
@changes_user
@confirmed
def reopen(request: ViewerRequest, user: User) -> HttpResponse:
    """A user may sign in again."""
    if request.method == "POST":
        return _done_or_refused(request, user, lambda: actions.reopen(request.viewer, user))
    consequence = _("%(name)s can sign in again, with the roles that have not ended.") % {"name": user}
    return _confirm(request, user, _("Open the account of %(name)s") % {"name": user}, consequence, _("Open again"))


@page("accounts.change")
@post_or_get
@changes_user
@confirmed
def remove_factor(request: ViewerRequest, user: User) -> HttpResponse:
    """The phone is lost."""
    if request.method == "POST":
        return _done_or_refused(request, user, lambda: actions.remove_second_factor(request.viewer, user))
    consequence = _("App and recovery codes of %(name)s stop working and all sessions end. Make sure who is asking.")
    return _confirm(
        request, user, _("Remove the second factor of %(name)s") % {"name": user}, consequence % {"name": user},
        _("Remove it"), danger=True,
    )  # fmt: skip


@page("accounts.change")
@post_or_get
@changes_user
@confirmed
def add_role(request: ViewerRequest, user: User) -> HttpResponse:
    """One more role."""
    form = RoleForm(request.viewer, request.POST or None, initial={"starts_on": today()})
    if form.is_valid():
        said = form.cleaned_data
        actions.give_role(
            request.viewer,
            user,
            role=said["role"],
            team=said["team"],
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
        )
        return _back(user)
    return _form(request, user, form, title=_("A role for %(name)s") % {"name": user}, submit=_("Give the role"))


@page("accounts.change")
@post_or_get
@changes_user
@confirmed
def end_role(request: ViewerRequest, user: User, role: int) -> HttpResponse:
    """A role ends."""
    held = get_object_or_404(Assignment, pk=role, user=user)
    form = EndForm(request.POST or None, initial={"last_day": today() - timedelta(days=1)})
    if form.is_valid():
        last_day: date = form.cleaned_data["last_day"]
        return _done_or_refused(
            request, user, lambda: actions.end_role(request.viewer, held, last_day=last_day, today=today())
        )
    title = _("End a role of %(name)s: %(role)s") % {"name": user, "role": held.get_role_display()}
    return _form(request, user, form, title=title, submit=_("End the role"))


@page("roles.view")
@require_safe
def roles(request: ViewerRequest) -> HttpResponse:
    """What each role may see and do, in the policy's own words."""
    lines = queries.permissions()
    return render(request, "accounts/roles.html", {"lines": lines, "roles": tuple(Role)})


@page(SIGNED_IN)
@post_or_get
def profile(request: ViewerRequest) -> HttpResponse:
    """One's own settings."""
    user = get_object_or_404(User, pk=request.viewer.user)
    form = ProfileForm(request.POST or None, instance=user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        response = redirect("profile")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", secure=settings.TLS)
        return response
    held = [held_words(one) for one in queries.roles_of(user) if one.ends_on is None or one.ends_on >= today()]
    return render(request, "accounts/profile.html", {"form": form, "held": held, "has_factor": has_one(user.pk)})


def _user(request: ViewerRequest, action: str, number: int) -> User:
    return found(request.viewer, action, User.objects.select_related("person"), pk=number)


def _invited(request: ViewerRequest, form: InviteForm) -> User | None:
    """The new user with the first role; None if the name is taken, which the form then says."""
    said = form.cleaned_data
    who = {name: said[name] for name in ("username", "name", "email", "language")}
    try:
        with transaction.atomic():
            user = actions.invite(request.viewer, **who)
    except IntegrityError:
        form.add_error(
            "username", _("This user name is taken on this floor. Add the company's name to it, for instance.")
        )
        return None
    actions.give_role(
        request.viewer, user, role=said["role"], team=said["team"], starts_on=said["starts_on"], ends_on=said["ends_on"]
    )
    return user


def _send_link(request: ViewerRequest, user: User) -> None:
    """By mail, or once on the next page for a user without an address."""
    path = actions.link_for(user)
    if not user.email:
        request.session[f"{LINK}_{user.pk}"] = path
        return
    context = {"user": user, "password_reset_url": request.build_absolute_uri(path)}
    get_adapter().send_mail("account/email/password_reset_key", user.email, context)
    messages.success(request, _("A link is on its way to %(address)s.") % {"address": user.email})


def _back(user: User) -> HttpResponse:
    return redirect("account", user.pk)


def _form(request: ViewerRequest, user: User, form: Form, *, title: str, submit: str) -> HttpResponse:
    asked = {"form": form, "title": title, "submit": submit, "back": reverse("account", args=[user.pk])}
    return render(request, "accounts/form.html", asked)


def _confirm(
    request: ViewerRequest, user: User, title: str, consequence: str, submit: str, *, danger: bool = False
) -> HttpResponse:
    asked = {"title": title, "consequence": consequence, "submit": submit, "danger": danger}
    return render(request, "accounts/confirm.html", {**asked, "cancel": reverse("account", args=[user.pk])})


def _done_or_refused(request: ViewerRequest, user: User, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return _back(user)
