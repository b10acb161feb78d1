"""What a company is told where it names what the floor does not have: names of its own rows, none of another's."""

from __future__ import annotations

from typing import Any

import crawl
import pytest
from job_runs import run_waiting
from world import World
from worlds.agreements import source_of
from worlds.drafts import made

from onefloor.periods import Month
from onefloor_web.agreements.drafts import jobs as replays
from onefloor_web.agreements.exclusions.actions import WEIGH
from onefloor_web.agreements.exclusions.models import Exclusion
from onefloor_web.agreements.register.actions import propose, sign_version
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.settlement.what_ifs.actions import try_terms

JUDGED = """at_risk: 10%
clauses:
  - id: "2"
    kind: bands
    title: Service level
    text: t
    metric: "service_level:within=20s"
    target: ">= 80%"
    bands: [{from: 80%}, {to: 80%, credit: 50%}]
"""
SCOPES = [
    *(f"{name}: [zzz]" for name in ("agent", "queue", "site", "skill", "team", "topic", "tenure")),
    "unassigned: [zzz]", "unassigned: true",
]  # fmt: skip


@pytest.fixture
def signed(world: World) -> World:
    """North's agreement is in force with a clause whose scope can be tried."""
    own, north = (world[name].viewer(Role.SIGNATORY) for name in ("Own", "North"))
    with tenant(own):
        sign_version(own, world["North"].rows["version"])
        version = propose(own, source_of(world["North"], more=JUDGED))
        sign_version(own, version)
    with tenant(north):
        sign_version(north, version)
    return world


def ended(world: World, job: Job) -> tuple[Job, str]:
    """The job once it has run, and all that it, its pages and the API say of it."""
    north, asker = world["North"], world["North"].client(Role.PROJECT_MANAGER)
    run_waiting(north.company.pk)
    with tenant(north.viewer(Role.PROJECT_MANAGER)):
        job = Job.objects.get(pk=job.pk)
    pages = [crawl.text_of(asker.get(page)) for page in (f"/jobs/{job.pk}/", "/jobs/", job.page, job.page + "?all=1")]
    return job, "\n".join([str((job.result, job.problem, job.subject)), *pages])


def nothing_foreign(world: World, text: str) -> None:
    assert crawl.foreign(text, world["North"], Role.PROJECT_MANAGER) == set()


@pytest.mark.parametrize("scope", SCOPES)
def test_a_what_if_that_does_not_fit_names_nothing_of_others(signed: World, scope: str):
    north = signed["North"].viewer(Role.PROJECT_MANAGER)
    change = f"amends: north-agreement\nclauses: [{{id: '2', scope: {{{scope}}}}}]\n"
    months = {"first": Month(2026, 10), "last": Month(2026, 11)}
    with tenant(north):
        one = try_terms(north, signed["North"].rows["agreement"], name="tried", change=change, **months)
        job = Job.objects.get(key=f"what-if-{one.pk}")
    job, said = ended(signed, job)
    assert scope == "unassigned: true" or (job.state == State.FAILED and "zzz" in said)
    nothing_foreign(signed, said)


@pytest.mark.parametrize("scope", SCOPES)
def test_the_replay_of_a_draft_that_does_not_fit_names_nothing_of_others(world: World, scope: str):
    side, north = world["North"], world["North"].viewer(Role.PROJECT_MANAGER)
    clause = JUDGED.replace('    target: ">= 80%"', f'    target: ">= 80%"\n    scope: {{{scope}}}')
    with tenant(north):
        draft = made(side, north, "tried", source_of(side, more=clause).replace("-agreement", "-draft"))
        job = replays.ask(north, draft, f"/agreements/drafts/{draft.pk}/")
    job, said = ended(world, job)
    assert scope == "unassigned: true" or job.state == State.FAILED
    nothing_foreign(world, said)


@pytest.mark.parametrize("where", [{"queue": ["zzz"]}, {"agent": ["zzz"]}, {}])
def test_the_effect_of_an_exclusion_names_nothing_of_others(signed: World, where: dict[str, Any]):
    north = signed["North"].viewer(Role.PROJECT_MANAGER)
    with tenant(north):
        one: Exclusion = signed["North"].rows["draft exclusion"]
        Exclusion.objects.filter(pk=one.pk).update(where=where)
        job = enqueue(north, WEIGH, key=f"tried {where}", page="/today/", number=one.pk)
    job, said = ended(signed, job)
    assert job.state in (State.FAILED, State.DONE)
    nothing_foreign(signed, said)
