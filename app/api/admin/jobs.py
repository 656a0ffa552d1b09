"""Jobs, dead letters and the beat table."""

from __future__ import annotations

from typing import Any

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import commits
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.jobs import Job
from app.core.paging import Page, PageRequest, paginate
from app.reporting import operations
from app.reporting.schemas import JobAdminPage, JobAdminRead, JobQuery, ScheduleRead
from app.schedule import SCHEDULE


@bp.route("/jobs", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(JobQuery, location="query")
@bp.response(200, JobAdminPage)
def list_jobs(filters: dict[str, Any]) -> Page[Job]:
    """Jobs and dead letters, the latest first."""
    request: PageRequest = filters.pop("page")
    return paginate(
        operations.jobs(**filters),
        request,
        sorts={"created_at": Job.created_at, "run_after": Job.run_after},
        default="-created_at",
        id_column=Job.id,
    )


@bp.route("/jobs/scheduled", methods=["GET"])
@access(Role.ADMIN)
@bp.response(200, ScheduleRead)
def list_scheduled() -> dict[str, Any]:
    """What runs on a schedule, what for, and when it was last due."""
    return {"items": operations.scheduled(SCHEDULE)}


@bp.route("/jobs/<string:job_id>/replay", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.response(200, JobAdminRead)
def replay_job(job_id: str) -> Job:
    """Run a dead job again, with all its attempts."""
    return operations.replay_job(current_actor(), job_id=job_id)
