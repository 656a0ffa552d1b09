"""Jobs of brands."""

from __future__ import annotations

from app.brands import domains
from app.core.jobs import OUTBOUND, job


@job(domains.JOB, queue=OUTBOUND)
def check_domain(domain_id: str) -> dict[str, str]:
    """Look whether a domain carries its sponsor's token."""
    return domains.check(domain_id)


@job("brands.recheck_domains", queue=OUTBOUND)
def recheck_domains() -> dict[str, int]:
    """Look again for the proofs of verified domains."""
    return domains.recheck_due()
