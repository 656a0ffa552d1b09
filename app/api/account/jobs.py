"""Long work that one asked for."""

from __future__ import annotations

from typing import Any

from app.api.account.blueprint import blueprint as bp
from app.api.security import SIGNED_IN, access, current_actor
from app.core.schemas import PageQuery
from app.notifications import work
from app.notifications.schemas import JobPage, JobRead


@bp.route("/account/jobs", methods=["GET"])
@access(*SIGNED_IN, own="user")
@bp.arguments(PageQuery, location="query")
@bp.response(200, JobPage)
def list_jobs(values: dict[str, Any]) -> dict[str, Any]:
    """What you asked for that takes a while, the latest first."""
    page = work.jobs_of(current_actor(), values["page"])
    return {"items": [work.describe(row) for row in page.items], "next": page.next}


@bp.route("/account/jobs/<string:job_id>", methods=["GET"])
@access(*SIGNED_IN, own="user")
@bp.response(200, JobRead)
def read_job(job_id: str) -> dict[str, Any]:
    """How far it is, and where to fetch what it made."""
    return work.describe(work.job_of(current_actor(), job_id))
