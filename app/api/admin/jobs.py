"""Jobs, dead letters and the beat table."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import commits
from app.api.export import Columns, at, csv_file
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.extensions import limiter
from app.core.jobs import Job
from app.core.paging import Page, PageRequest, paginate
from app.reporting import operations
from app.reporting.schemas import JobAdminPage, JobAdminRead, JobFilters, JobQuery, ScheduleRead
from app.schedule import SCHEDULE


@bp.route("/jobs", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(JobQuery, location="query")
@bp.response(200, JobAdminPage)
def list_jobs(filters: dict[str, Any]) -> Page[Job]:
    """Jobs and dead letters, the latest first."""
    return _page(filters.pop("page"), **filters)


_COLUMNS: Columns = {
    name: at(name)
    for name in (
        "id",
        "name",
        "queue",
        "status",
        "attempts",
        "progress",
        "doing",
        "error",
        "args",
        "requested_by",
        "created_at",
        "run_after",
        "finished_at",
    )
}


@bp.route("/jobs.csv", methods=["GET"])
@access(Role.ADMIN)
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(JobFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_jobs(filters: dict[str, Any]) -> Response:
    """The same jobs as CSV, the oldest first."""
    return csv_file("jobs", _COLUMNS, lambda page: _page(page, **filters))


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


def _page(request: PageRequest, **filters: Any) -> Page[Job]:
    return paginate(
        operations.jobs(**filters),
        request,
        sorts={"created_at": Job.created_at, "run_after": Job.run_after},
        default="-created_at",
        id_column=Job.id,
    )
