"""Domains on which the sponsor sells."""

from __future__ import annotations

from typing import Any

from app.api.blueprint import commits, tagged
from app.api.limits import CHECKS, by_actor
from app.api.security import access, current_actor
from app.api.sponsor.blueprint import blueprint as bp
from app.brands import domains
from app.brands.schemas import DomainCreate, DomainPage, DomainQuery, DomainRead
from app.core.actor import MemberRole, Role
from app.core.extensions import limiter

WRITERS = (MemberRole.OWNER, MemberRole.MANAGER)
_reads = access(Role.SPONSOR, own="sponsor")
_writes = access(Role.SPONSOR, own="sponsor", members=WRITERS)


@bp.route("/domains", methods=["GET"])
@_reads
@bp.arguments(DomainQuery, location="query")
@bp.response(200, DomainPage)
def list_domains(query: dict[str, Any]) -> Any:
    """List the domains within which links may lead."""
    return domains.list_for(current_actor(), **query)


@bp.route("/domains", methods=["POST"])
@_writes
@commits
@bp.arguments(DomainCreate)
@bp.response(201, DomainRead)
def add_domain(values: dict[str, Any]) -> Any:
    """Name a domain; the answer says what to put there."""
    domain = domains.add(current_actor(), **values)
    return domain, 201, {"Location": f"/api/v1/sponsor/domains/{domain.id}", **tagged(domain)}


@bp.route("/domains/<string:domain_id>", methods=["GET"])
@_reads
@bp.response(200, DomainRead)
def read_domain(domain_id: str) -> Any:
    """One domain."""
    domain = domains.get_for(current_actor(), domain_id)
    return domain, 200, tagged(domain)


@bp.route("/domains/<string:domain_id>/check", methods=["POST"])
@limiter.limit(CHECKS, key_func=by_actor)
@_writes
@commits
@bp.response(202, DomainRead)
def check_domain(domain_id: str) -> Any:
    """Look for the record or the file now; the domain says soon what was found."""
    return domains.ask_check(current_actor(), domain_id=domain_id), 202


@bp.route("/domains/<string:domain_id>", methods=["DELETE"])
@_writes
@commits
@bp.response(204)
def remove_domain(domain_id: str) -> None:
    """Take a domain back; links that lead to it stop leading there."""
    domain = domains.get_for(current_actor(), domain_id, lock=True)
    domains.remove(current_actor(), domain)
