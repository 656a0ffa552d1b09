"""Use cases of domains: a sponsor names where it sells, and shows that it is its own.

Where the settings ask for no proof (`DOMAIN_CHECKS` off, as in development), naming is enough.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from app.audit.service import record
from app.brands.domain_proof import Proof, ProofReason, look
from app.brands.errors import CheckedJustNow, DomainNameTaken, TooManyDomains
from app.brands.events import DomainLapsed, DomainProofLost, DomainsChanged
from app.brands.hosts import plain_host
from app.brands.models import DomainMethod, SponsorDomain
from app.core.actor import SYSTEM, Actor, Role
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.jobs import enqueue
from app.core.options import Option
from app.core.paging import Page, PageRequest, paginate
from app.core.settings import settings
from app.core.transaction import unit_of_work

MAX_DOMAINS = 50
BETWEEN_CHECKS = timedelta(seconds=30)
JOB = "brands.check_domain"
EACH = timedelta(days=1)
# Fifteen seconds each at worst: well within the lease of a job.
BATCH = 20
GRACE_DAYS = Option(
    "domain_grace_days",
    7,
    "How long a verified domain counts after its proof is gone.",
    lowest=1,
    highest=90,
    unit="days",
)


def get_for(actor: Actor, domain_id: str, *, lock: bool = False) -> SponsorDomain:
    """A domain of the actor's sponsor. Raises NotFound."""
    statement = _own(actor).where(SponsorDomain.id == domain_id)
    domain = db.session.scalar(statement.with_for_update() if lock else statement)
    if domain is None:
        raise NotFound
    return domain


def list_for(actor: Actor, page: PageRequest) -> Page[SponsorDomain]:
    """The domains of the actor's sponsor, the newest last."""
    return paginate(
        _own(actor),
        page,
        sorts={"created_at": SponsorDomain.created_at, "host": SponsorDomain.host},
        default="created_at",
        id_column=SponsorDomain.id,
    )


def verified_hosts(sponsor_id: str) -> list[str]:
    """The domains within which new links of the sponsor may lead."""
    return list(
        db.session.scalars(
            select(SponsorDomain.host).where(
                SponsorDomain.sponsor_id == sponsor_id,
                SponsorDomain.verified_at.is_not(None),
                SponsorDomain.lapsed_at.is_(None),
            )
        )
    )


def add(actor: Actor, *, host: str) -> SponsorDomain:
    """Name a domain. Raises Invalid, DomainNameTaken, TooManyDomains."""
    checks = settings().domain_checks
    plain = plain_host(host, public=checks)
    if plain is None:
        raise Invalid(host="Give the name of a site, such as shop.example.com.")
    sponsor_id = actor.sponsor_id or ""
    held = select(func.count(SponsorDomain.id)).where(SponsorDomain.sponsor_id == sponsor_id)
    if (db.session.scalar(held) or 0) >= MAX_DOMAINS:
        raise TooManyDomains(f"A sponsor has at most {MAX_DOMAINS} domains; remove one first.")
    domain = SponsorDomain(sponsor_id=sponsor_id, host=plain, token=secrets.token_urlsafe(24))
    db.session.add(domain)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise DomainNameTaken("Nothing was saved. Look for it in your list.") from error
    record(actor, "domain.added", subject_type="domain", subject_id=domain.id)
    if not checks:
        _verify(actor, domain, DomainMethod.NONE)
    return domain


def ask_check(actor: Actor, *, domain_id: str) -> SponsorDomain:
    """Let a job look for the proof. Raises NotFound, CheckedJustNow."""
    domain = get_for(actor, domain_id, lock=True)
    if domain.checked_at is not None and now() - domain.checked_at < BETWEEN_CHECKS:
        raise CheckedJustNow("Wait half a minute: a new record takes a while to be seen anyway.")
    enqueue(JOB, by=actor, domain_id=domain.id)
    return domain


def check(domain_id: str) -> dict[str, str]:
    """Look for the proof of a domain and keep what was found (opens its own unit).

    One that was verified stays so for `GRACE_DAYS` without its proof. A look that got no answer
    says nothing about it.
    """
    domain = db.session.get(SponsorDomain, domain_id)
    found = (domain.host, domain.record) if domain else None
    # The read ends here: nothing is held while somebody else's server answers.
    db.session.rollback()
    if found is None:
        return {}
    proof = look(*found)
    unit_of_work(lambda: _keep(domain_id, proof))
    return {"method": proof.method or "", "reason": proof.reason or ""}


def recheck_due(batch: int = BATCH) -> dict[str, int]:
    """Look again for the proofs of domains that were verified by one, each once a day (opens its
    own units); returns how many were found and how many are gone."""
    rows = db.session.scalars(
        select(SponsorDomain.id)
        .where(
            SponsorDomain.method.in_([DomainMethod.DNS, DomainMethod.FILE]),
            SponsorDomain.checked_at < now() - EACH,
        )
        .order_by(SponsorDomain.checked_at)
        .limit(batch)
    ).all()
    db.session.rollback()
    found = [check(domain_id) for domain_id in rows]
    there = sum(bool(one.get("method")) for one in found)
    return {"found": there, "gone": len(found) - there}


def remove(actor: Actor, domain: SponsorDomain) -> None:
    """Take a domain back: links that lead to it stop leading there."""
    domain_id, sponsor_id = domain.id, domain.sponsor_id
    db.session.delete(domain)
    db.session.flush()
    record(actor, "domain.removed", subject_type="domain", subject_id=domain_id)
    publish(DomainsChanged(sponsor_id))


def _keep(domain_id: str, proof: Proof) -> None:
    domain = db.session.get(SponsorDomain, domain_id, with_for_update=True)
    if domain is None:
        return
    domain.checked_at = now()
    domain.check_reason = proof.reason
    domain.touch()
    if proof.method is not None:
        if not domain.verified:
            _verify(SYSTEM, domain, proof.method)
        domain.lost_at = None
    elif domain.verified and proof.reason is not ProofReason.NO_ANSWER:
        _miss(domain)
    db.session.flush()


def _miss(domain: SponsorDomain) -> None:
    """Warn when a proof is missed first, and let the domain lapse when it stayed away."""
    grace = timedelta(days=GRACE_DAYS.get())
    fact = {"domain_id": domain.id, "sponsor_id": domain.sponsor_id}
    if domain.lost_at is None:
        domain.lost_at = now()
        publish(DomainProofLost(**fact, until=domain.lost_at + grace))
    elif now() - domain.lost_at >= grace:
        domain.lapsed_at = now()
        record(SYSTEM, "domain.lapsed", subject_type="domain", subject_id=domain.id)
        publish(DomainLapsed(**fact))


def _verify(actor: Actor, domain: SponsorDomain, method: DomainMethod) -> None:
    domain.method, domain.verified_at, domain.lapsed_at = method, now(), None
    domain.touch()
    db.session.flush()
    record(
        actor, "domain.verified", subject_type="domain", subject_id=domain.id, method=method.value
    )
    publish(DomainsChanged(domain.sponsor_id))


def _own(actor: Actor) -> Select[SponsorDomain]:
    statement = select(SponsorDomain)
    if actor.role in (Role.ADMIN, Role.SYSTEM):
        return statement
    return statement.where(SponsorDomain.sponsor_id == (actor.sponsor_id or ""))
