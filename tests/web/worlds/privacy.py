"""In each company an opening of personal data, an exit with its file and one that is over; the client never leaves."""

from django.utils import timezone
from world import Side

from onefloor_web.platform.privacy import access, exits
from onefloor_web.platform.privacy.models import Exit, Kind, Purpose, Stage
from onefloor_web.platform.tenancy.viewer import Viewer


def fill(side: Side, viewer: Viewer) -> None:
    """The client sees each, with the name of who did it."""
    access.log(viewer, Purpose.AUDIT, Kind.CONTACT, f"{side.marker} contact", rows=1)
    manifest = {"files": {f"{side.marker}.parquet": {"rows": 1, "sha256": "0" * 64}}}
    side.rows["exit"] = Exit.objects.create(
        company=side.company, stage=Stage.HANDED_OVER, started_by=f"{side.marker} administrator",
        manifest=manifest, handed_over_at=timezone.now(),
    )  # fmt: skip
    side.rows["past exit"] = Exit.objects.create(
        company=side.company, stage=Stage.DELETED, started_by=f"{side.marker} administrator", deleted_at=timezone.now(),
        proof=f'{{"payload": "{side.marker} proof"}}',
    )  # fmt: skip
    package = exits.package(side.rows["exit"])
    package.parent.mkdir(parents=True, exist_ok=True)
    package.write_bytes(f"rows of {side.marker}".encode())


def address(side: Side) -> dict[str, int]:
    return {"number": side.rows["exit"].pk}


CASES = {
    **dict.fromkeys(("exit", "exit_package", "exit_receipt", "exit_deletion"), address),
    "exit_proof": lambda side: {"number": side.rows["past exit"].pk},
}
CLIENT_ONLY = {"exit_deletion"}
SHARED = {"exit", "exit_package", "exit_proof", "exit_deletion"}
