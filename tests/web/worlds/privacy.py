"""In each company one opening of personal data, and one exit with its file; that of the client never happens."""

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
    package = exits.package(side.rows["exit"])
    package.parent.mkdir(parents=True, exist_ok=True)
    package.write_bytes(f"rows of {side.marker}".encode())


def address(side: Side) -> dict[str, int]:
    return {"number": side.rows["exit"].pk}


CASES = dict.fromkeys(("exit", "exit_package", "exit_proof", "exit_receipt", "exit_deletion"), address)
SHARED = {"exit", "exit_package", "exit_proof", "exit_deletion"}
