"""Every worked settlement comes to the same statement in the web application as on the command line."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from job_runs import run_waiting
from world import World

from agreements import worked
from onefloor.agreements.verify import verify
from onefloor.cli import main
from onefloor.floor import Floor
from onefloor_web.agreements.register.actions import propose, sign_version
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements.models import Statement
from onefloor_web.settlement.statements.reading import out_of
from onefloor_web.settlement.statements.terms import terms_source

MONTH = "2026-10"
EXAMPLES = {f"w{path.stem}": path for path in sorted(worked.FOLDER.glob("*.yaml"))}


def terms(code: str) -> str:
    """An example's terms as an agreement of its own."""
    return worked.as_yaml({**worked.HEAD, **worked.read(EXAMPLES[code])["terms"], "agreement": code})


def signed(own: Viewer, north: Viewer, code: str) -> None:
    with tenant(own):
        version = propose(own, terms(code))
        sign_version(own, version)
    with tenant(north):
        sign_version(north, version)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def on_the_command_line(floor: Floor, source: str, folder: Path) -> dict[str, bytes]:
    """What ``onefloor settle`` writes."""
    folder.mkdir()
    (folder / "agreement.yaml").write_bytes(source.encode())
    said = ["settle", str(floor.root), str(folder / "agreement.yaml"), "--month", MONTH, "--lang", "zh", "--quiet"]
    assert main([*said, "--out", str(folder / "out")]) == 0
    return contents(folder / "out")


def downloaded(world: World, code: str, folder: Path) -> Path:
    """The bundle that a vendor takes from the page, unpacked."""
    client = world["North"].client(Role.PROJECT_MANAGER)
    client.post("/privacy/purpose/", {"purpose": "settlement"})
    answer = client.get(f"/statements/{MONTH}/{code}/file.zip")
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        archive.extractall(folder)
    return folder / "bundle"


def test_the_job_writes_what_the_command_line_writes_and_the_downloaded_bundle_verifies(
    world: World, own: Viewer, north: Viewer, hotline: Floor, tmp_path: Path
):
    for code in EXAMPLES:
        signed(own, north, code)
    client = world["Own"].client(Role.VENDOR_MANAGER)
    client.post("/statements/run/", {"month": MONTH, "agreement": ""})
    run_waiting(own.company)
    with tenant(own):
        rows = Statement.objects.filter(month=MONTH, agreement__code__in=EXAMPLES).select_related("agreement")
        made = {one.agreement.code: one for one in rows}
        sources = {code: terms_source(one.agreement) for code, one in made.items()}
    assert set(made) == set(EXAMPLES)
    for code, one in made.items():
        written, kept = on_the_command_line(hotline, sources[code], tmp_path / code), contents(out_of(one))
        assert (code, {name for name in written | kept if written.get(name) != kept.get(name)}) == (code, set())
    for code, one in made.items():
        bundle = downloaded(world, code, tmp_path / f"{code}-page")
        assert contents(bundle) == contents(out_of(one) / "bundle")
        assert (code, verify(bundle).differences) == (code, [])
