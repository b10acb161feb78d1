"""A vendor leaves: hand-over, receipt, deletion, proof.

The facts are dealt with by the core. What the web keeps of the vendor goes in the same transaction that writes the
proof, and the proof counts both.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model, ProtectedError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onefloor.agreements.exit_proof import proof_of, sign_proof
from onefloor.agreements.signing import create_keys
from onefloor.facts.exchange import removals
from onefloor.facts.exits import Departure, UnknownCompany, depart, hand_over
from onefloor.facts.removal import Removed
from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.platform.accounts.actions import end_sessions
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.models import Company, Employment, Person, PersonName
from onefloor_web.platform.floor import floor, today
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.registry import Progress, job
from onefloor_web.platform.privacy import events
from onefloor_web.platform.privacy.models import WAIT_DAYS, Exit, Stage
from onefloor_web.platform.tenancy.classes import Tenancy, every_model, tenancy_of
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.models import Attachment

HAND_OVER, DELETE = "privacy.hand_over", "privacy.delete"
KEY = "floor"
STAYS = (
    Text("网页审计记录（含登录用户的姓名与工号）", "the audit trail of the web, with codes and the names of users"),
    Text("个人信息访问留痕", "the log of who opened personal data"),
    Text("已提交给对方的证据文件", "files that were given to the other company as evidence"),
)
OwnLoads = Callable[[str], set[str]]
Keeping = Callable[[Company], Iterable[Path]]
StillOpen = Callable[[Company], Iterable[Text]]
_OWN_LOADS: list[OwnLoads] = []
_KEEPING: list[Keeping] = []
_STILL_OPEN: list[StillOpen] = []


class NotReceived(Problem):
    """Deletion before the vendor has said that it has everything."""

    def __init__(self, company: str) -> None:
        super().__init__(
            Text(f"{company} 尚未确认收到移交数据。", f"{company} has not confirmed the receipt of the hand-over."),
            remedy=Text(
                f"请等待对方确认；移交满 {WAIT_DAYS} 天后可直接删除。",
                f"Wait for the confirmation; {WAIT_DAYS} days after the hand-over it is not needed any more.",
            ),
        )


def own_loads(provider: OwnLoads) -> OwnLoads:
    """Declare which loads were a company's own: their lines in quarantine are its own too."""
    _OWN_LOADS.append(provider)
    return provider


def keeping(provider: Keeping) -> Keeping:
    """Declare which files and folders of a company are evidence that stays when it leaves."""
    _KEEPING.append(provider)
    return provider


def still_open(provider: StillOpen) -> StillOpen:
    """Declare what is not at its end between the companies: whoever deletes reads it first."""
    _STILL_OPEN.append(provider)
    return provider


@keeping
def given(company: Company) -> Iterator[Path]:
    """Files that the other company has got, and what the client has attached for itself."""
    for one in Attachment.objects.filter(company=company).exclude(author=company, given_at=None):
        yield one.path


def open_with(company: Company) -> list[Text]:
    """What can only end as it stands once the rows are gone."""
    return [text for provider in _STILL_OPEN for text in provider(company)]


def package(one: Exit) -> Path:
    """The file with the rows that are handed over."""
    return Path(settings.MEDIA_ROOT) / "exits" / f"{one.pk}.zip"


def may_delete(one: Exit) -> bool:
    """Whether the vendor has confirmed, or has had time enough to."""
    if one.stage == Stage.RECEIVED:
        return True
    if one.stage != Stage.HANDED_OVER or one.handed_over_at is None:
        return False
    return (timezone.now() - one.handed_over_at).days >= WAIT_DAYS


def begin(viewer: Viewer, company: Company) -> Exit:
    """A vendor begins to leave: its rows are put together, nothing is deleted yet."""
    one = Exit.objects.create(company=company, started_by=viewer.name)
    ask(viewer, HAND_OVER, one)
    return one


def ask(viewer: Viewer, kind: str, one: Exit) -> Job:
    """Ask for a step of an exit."""
    page = reverse("exit", args=[one.pk])
    return enqueue(viewer, kind, key=key_of(one), subject=one.company.name, page=page, exit=one.pk)


def key_of(one: Exit) -> str:
    """What the jobs of an exit are about."""
    return f"exit-{one.pk}"


def receive(viewer: Viewer, one: Exit) -> None:
    """The vendor has everything; again changes nothing."""
    if one.stage == Stage.HANDED_OVER:
        one.stage, one.received_at, one.received_by = Stage.RECEIVED, timezone.now(), viewer.name
        one.save(update_fields=["stage", "received_at", "received_by"])
        events.tell(viewer, events.RECEIVED, one)


@job(HAND_OVER, label=_("Hand over a vendor's rows"))
def prepare(viewer: Viewer, progress: Progress, *, exit: int) -> dict[str, Any]:  # noqa: A002
    """Write the file, then say that it is there."""
    one = Exit.objects.select_for_update().select_related("company").get(pk=exit)
    target = package(one)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        rows = Path(folder) / "rows"
        manifest = hand_over(floor(), one.company.code, rows, loads=_loads(one.company))
        progress(1, 2)
        made = Path(folder) / "package.zip"
        with zipfile.ZipFile(made, "w") as archive:  # Parquet is compressed already
            for path in sorted(rows.iterdir()):
                archive.write(path, path.name)
        made.rename(target)
    if one.stage == Stage.PREPARING:
        one.stage, one.manifest, one.handed_over_at = Stage.HANDED_OVER, manifest, timezone.now()
        one.save(update_fields=["stage", "manifest", "handed_over_at"])
        events.tell(viewer, events.HANDED_OVER, one)
    progress(2, 2)
    return {"files": len(manifest["files"])}


@job(DELETE, label=_("Delete a vendor's rows, with proof"), alone=True)
def delete(viewer: Viewer, progress: Progress, *, exit: int) -> dict[str, Any]:  # noqa: A002
    """Delete for good, look for what is left, and sign what was found.

    Raises:
        NotReceived, NotComplete: nothing is proven; the database is as before.
    """
    one = Exit.objects.select_for_update().select_related("company").get(pk=exit)
    if one.stage == Stage.DELETED:
        return {"deleted": True}
    if not may_delete(one):
        raise NotReceived(one.company.name)
    departure = _departed(one.company)
    progress(1, 3)
    elsewhere = _erase(one.company)
    progress(2, 3)
    one.proof = _signed(proof_of(floor(), departure, elsewhere=elsewhere, also_stays=STAYS))
    one.stage, one.deleted_at = Stage.DELETED, timezone.now()
    one.save(update_fields=["stage", "deleted_at", "proof"])
    events.tell(viewer, events.DELETED, one)
    package(one).unlink(missing_ok=True)
    progress(3, 3)
    return {"rows": sum(part.rows for part in departure.removed)}


def _loads(company: Company) -> set[str]:
    return {load for provider in _OWN_LOADS for load in provider(company.code)}


def _departed(company: Company) -> Departure:
    """The deletion of the facts; the one on record if an earlier attempt came no further."""
    try:
        return depart(floor(), company.code, today(), loads=_loads(company))
    except UnknownCompany:
        for entry in reversed(removals(floor())):
            if entry["why"] == "exit" and entry["company"] == company.code:
                removed = [
                    Removed(part["table"], part["rows"], tuple(part["months"]), part["sha256"], part["loads"])
                    for part in entry["removed"]
                ]
                return Departure(company.code, today(), removed, {}, ())
        raise


def _erase(company: Company) -> dict[str, int]:
    """Remove what the web keeps of the company and its people; whoever could sign in cannot any more."""
    with tenant(viewer_for(company.pk, name="")):
        for user in User.objects.filter(company=company):
            end_sessions(user)
        User.objects.filter(company=company).update(is_active=False, email="", person=None, password="")
        counted = {
            model._meta.label: model._default_manager.filter(company=company).count() for model in _of_companies()
        }
        counted |= {model._meta.label: model.objects.count() for model in (PersonName, Employment, Person)}
        for model in (PersonName, Employment, Person):
            model.objects.all().delete()
        _delete_all(company, _of_companies())
    Company.objects.filter(pk=company.pk, left_on=None).update(left_on=today())
    _clear(Path(settings.MEDIA_ROOT) / str(company.pk), {path for provider in _KEEPING for path in provider(company)})
    return {label: rows for label, rows in counted.items() if rows}


def _clear(folder: Path, kept: Collection[Path]) -> None:
    """Remove what lies below a folder but the evidence; folders that are left empty go too."""
    if folder in kept or not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.is_dir():
            _clear(path, kept)
        elif path not in kept:
            path.unlink(missing_ok=True)
    if not any(folder.iterdir()):
        folder.rmdir()


def _of_companies() -> list[type[Model]]:
    """Tables of rows that are a company's own or a user's own.

    Histories are the audit trail, which stays, and so does what a model keeps as evidence (``stays_at_exit``).
    """
    return [
        model
        for model in every_model()
        if tenancy_of(model) in (Tenancy.OWN, Tenancy.PERSON)
        and not hasattr(model, "pgh_tracked_model")
        and not getattr(model, "stays_at_exit", False)
    ]


def _delete_all(company: Company, models: list[type[Model]]) -> None:
    """Rows that others still point to go in a later round."""
    left = models
    while left:
        later = []
        for model in left:
            try:
                model._default_manager.filter(company=company).delete()
            except ProtectedError:
                later.append(model)
        if len(later) == len(left):
            raise RuntimeError(f"rows of {[model._meta.label for model in later]} hold each other")
        left = later


def _signed(proof: bytes) -> str:
    """The proof in its envelope, signed with the floor's key, which is made when it is first needed."""
    keys = settings.STATE / "keys"
    private = keys / f"{KEY}.key"
    if not private.exists():
        create_keys(keys, KEY)
    with tempfile.TemporaryDirectory() as folder:
        envelope = Path(folder) / "proof.dsse.json"
        sign_proof(envelope, proof, private)
        return envelope.read_text(encoding="utf-8")
