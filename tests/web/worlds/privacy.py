"""In each company an opening of personal data, an exit with its file and one that is over; the client never leaves."""

from django.utils import timezone
from world import Side

from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.companies.models import Kind as CompanyKind
from onefloor_web.platform.privacy import access, exits
from onefloor_web.platform.privacy.models import Exit, Kind, Purpose, Stage
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer


def fill(side: Side, viewer: Viewer) -> None:
    """The client sees each, with the name of who did it."""
    access.log(viewer, Purpose.AUDIT, Kind.CONTACT, f"{side.marker} contact", rows=1)
    side.rows["past exit"] = handed_over(side)
    with tenant(viewer):
        move(side.rows["past exit"], Stage.RECEIVED, received_at=timezone.now(), received_by=viewer.name)
    with tenant(client_viewer()):
        proof = f'{{"payload": "{side.marker} proof"}}'
        move(side.rows["past exit"], Stage.DELETED, deleted_at=timezone.now(), proof=proof)
    side.rows["exit"] = handed_over(side)
    package = exits.package(side.rows["exit"])
    package.parent.mkdir(parents=True, exist_ok=True)
    package.write_bytes(f"rows of {side.marker}".encode())


def handed_over(side: Side) -> Exit:
    """An exit as far as the client's hand-over."""
    manifest = {"files": {f"{side.marker}.parquet": {"rows": 1, "sha256": "0" * 64}}}
    with tenant(client_viewer()):
        one = Exit.objects.create(company=side.company, started_by=f"{side.marker} administrator")
        return move(one, Stage.HANDED_OVER, manifest=manifest, handed_over_at=timezone.now())


def move(one: Exit, stage: Stage, **said: object) -> Exit:
    """The next step of an exit, written as a row."""
    for name, value in {"stage": stage, **said}.items():
        setattr(one, name, value)
    one.save(update_fields=["stage", *said])
    return one


def client_viewer() -> Viewer:
    """The client, whose steps they are."""
    client = Company.objects.get(kind=CompanyKind.CLIENT)
    return viewer_for(client.pk, name="client")


def address(side: Side) -> dict[str, int]:
    return {"number": side.rows["exit"].pk}


CASES = {
    **dict.fromkeys(("exit", "exit_package", "exit_receipt", "exit_deletion"), address),
    "exit_proof": lambda side: {"number": side.rows["past exit"].pk},
}
CLIENT_ONLY = {"exit_deletion"}
SHARED = {"exit", "exit_package", "exit_proof", "exit_deletion"}
