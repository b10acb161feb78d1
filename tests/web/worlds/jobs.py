"""In each company one job that was done and one that failed; neither lies in the queue."""

from django.utils import timezone
from world import Side

from onefloor.language import Text, same
from onefloor.problems import Problem
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.tenancy.viewer import Viewer


def fill(side: Side, viewer: Viewer) -> None:
    """Both were asked for by the administrator."""
    problem = Problem(same(f"{side.secret} is wrong."), remedy=Text("请重试。", "Try again."))
    asked = {"company": side.company, "requested_by_id": viewer.user, "requested_name": viewer.name}
    now = timezone.now()
    side.rows["job"] = Job.objects.create(
        **asked, kind="jobs.tidy", subject=f"{side.secret} done", state=State.DONE, result={"removed": 1}, ended_at=now
    )
    side.rows["failed job"] = Job.objects.create(
        **asked, kind="jobs.tidy", subject=f"{side.secret} failed", state=State.FAILED, ended_at=now,
        problem={**problem.as_json(), "at": now.isoformat()},
    )  # fmt: skip


def addresses(side: Side) -> list[dict[str, int]]:
    return [{"number": side.rows[name].pk} for name in ("job", "failed job")]


CASES = {
    **dict.fromkeys(("job", "job_progress", "api:job"), addresses),
    **dict.fromkeys(
        ("job_cancellation", "job_attempts", "api:job_cancellation"), lambda side: {"number": side.rows["job"].pk}
    ),
}
