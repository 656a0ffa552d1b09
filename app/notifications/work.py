"""Long work as the one who asked for it sees it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.jobs import Job, JobStatus
from app.core.paging import Page, PageRequest, paginate

_SHOWN = {JobStatus.DEAD: "failed"}


def jobs_of(actor: Actor, page: PageRequest) -> Page[Job]:
    """The jobs that the actor asked for, the latest first."""
    return paginate(
        select(Job).where(Job.requested_by == actor.user_id),
        page,
        sorts={"created_at": Job.id},
        default="-created_at",
        id_column=Job.id,
    )


def job_of(actor: Actor, job_id: str) -> Job:
    """A job that the actor asked for. Raises NotFound."""
    job = db.session.scalar(select(Job).where(Job.id == job_id, Job.requested_by == actor.user_id))
    if job is None:
        raise NotFound
    return job


def describe(job: Job) -> dict[str, Any]:
    """The shape of JobRead. A job that makes a file puts its id as `file_id` into its result."""
    result = job.result or {}
    file_id = result.get("file_id")
    made = f"/api/v1/account/files/{file_id}/content" if file_id else result.get("download_url")
    failed = job.status is JobStatus.DEAD
    return {
        "id": job.id,
        "name": job.name,
        "status": _SHOWN.get(job.status, job.status.value),
        "progress": job.progress,
        "doing": job.doing,
        "download_url": made if job.status is JobStatus.DONE else None,
        # What went wrong inside stands in the log and on the admin's page.
        "error": f"It failed {job.attempts} times. Try again, or give an admin the id {job.id}."
        if failed
        else None,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }
