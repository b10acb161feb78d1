"""Changes of users and the roles they hold. Each is one act, an event and rows of the history tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from onefloor.language import Text
from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.companies.models import Company, Person, Team
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.happenings import happened
from onefloor_web.platform.tenancy.viewer import Viewer


class Refused(ValueError):
    """An act that would leave the company without what it needs; says why and what to do."""


def invite(viewer: Viewer, *, username: str, name: str, email: str, language: str) -> User:
    """A user of the viewer's company without a password, who comes in by a link."""
    user = User.objects.create_user(
        username, None, company_id=viewer.company, name=name, email=email, language=language
    )
    _tell(viewer, "accounts.invited", user, Text("邀请了", "invited"))
    return user


def link_for(user: User) -> str:
    """The path that sets this user's password: works once, for ``PASSWORD_RESET_TIMEOUT``."""
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    arguments = {"uidb36": user_pk_to_url_str(user), "key": token}
    return reverse("account_reset_password_from_key", kwargs=arguments)


def change(viewer: Viewer, user: User, *, name: str, email: str, person: Person | None) -> None:
    """How a user is called and reached, and which agent code is theirs."""
    user.name, user.email, user.person = name, email, person
    user.save(update_fields=["name", "email", "person"])
    _tell(viewer, "accounts.changed", user, Text("修改了", "changed"))


def close(viewer: Viewer, user: User, today: date) -> None:
    """The user may not sign in any more, from this moment on; what they did stays.

    Raises:
        Refused: nobody else could administer the company.
    """
    _keep_an_administrator(user, today)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    _tell(viewer, "accounts.closed", user, Text("停用了", "closed the account of"))


def reopen(viewer: Viewer, user: User) -> None:
    """The user may sign in again, with the roles that are still open."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    _tell(viewer, "accounts.reopened", user, Text("重新启用了", "opened again the account of"))


def give_role(
    viewer: Viewer, user: User, *, role: str, team: Team | None, starts_on: date, ends_on: date | None
) -> Assignment:
    """A role from a day on, until a day or without end."""
    held = Assignment.objects.create(
        company_id=user.company_id, user=user, role=role, team=team, starts_on=starts_on, ends_on=ends_on
    )
    _tell_role(viewer, "accounts.role_given", held, Text("授予", "gave"))
    return held


def end_role(viewer: Viewer, held: Assignment, *, last_day: date, today: date) -> None:
    """A role ends with a day; one that has not begun is taken back.

    Raises:
        Refused: nobody else could administer the company.
    """
    if held.role == Role.ADMINISTRATOR:
        _keep_an_administrator(held.user, today)
    _tell_role(viewer, "accounts.role_ended", held, Text("终止", "ended"))
    if last_day < held.starts_on:
        held.delete()
        return
    held.ends_on = last_day
    held.save(update_fields=["ends_on"])


def remove_second_factor(viewer: Viewer, user: User) -> None:
    """The phone is lost: the next sign-in asks for the password only, then for a new factor where roles need one."""
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    _tell(viewer, "accounts.factor_removed", user, Text("解除了二次验证：", "removed the second factor of"))


def end_sessions(user: User) -> None:
    """Sign a user out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def add_administrator(
    company: Company, username: str, *, name: str, email: str, today: date, roles: Sequence[Role] = ()
) -> User:
    """The first administrator of a company: the server's own act, inside a scope of that company."""
    user = User.objects.create_user(username, None, company=company, name=name or username, email=email)
    for role in (Role.ADMINISTRATOR, *roles):
        Assignment.objects.create(company=company, user=user, role=role, starts_on=today)
    return user


def _tell(viewer: Viewer, name: str, user: User, did: Text) -> None:
    what = Text(f"{viewer.name} {did.zh} {user}。", f"{viewer.name} {did.en} {user}.")
    happened(viewer, name, user, what, page=reverse("account", args=[user.pk]))


def _tell_role(viewer: Viewer, name: str, held: Assignment, did: Text) -> None:
    with override("zh-hans"):
        zh = str(Role(held.role).label)
    with override("en"):
        en = str(Role(held.role).label)
    what = Text(
        f"{viewer.name} {did.zh} {held.user} 的角色：{zh}。", f"{viewer.name} {did.en} a role of {held.user}: {en}."
    )
    happened(viewer, name, held.user, what, page=reverse("account", args=[held.user_id]))


def _keep_an_administrator(user: User, today: date) -> None:
    """Somebody else must be able to administer from now on without end."""
    lasting = Q(ends_on=None) | Q(ends_on__gt=today)
    others = Assignment.objects.select_for_update().filter(
        lasting, role=Role.ADMINISTRATOR, company=user.company_id, user__is_active=True, starts_on__lte=today
    )
    if not any(one.user_id != user.pk for one in others):
        raise Refused(
            _("%(name)s is the last administrator of this company. Make somebody else administrator first.")
            % {"name": user}
        )
