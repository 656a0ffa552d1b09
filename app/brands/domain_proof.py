"""Looking whether a domain carries the token of the sponsor who names it.

Either a TXT record of the domain says `accord-verification=TOKEN`, or the file
`/.well-known/accord-verification.txt` at it holds that line. Never inside a transaction.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum

import dns.exception
import dns.resolver

from app.brands.models import PROOF_FILE, DomainMethod
from app.core import egress
from app.core.egress_errors import EgressError
from app.core.settings import settings

log = logging.getLogger(__name__)

SECONDS = 5.0


class ProofReason(StrEnum):
    """Why a domain is not shown to be the sponsor's."""

    NO_RECORD = "no_record"
    NO_ANSWER = "no_answer"
    NO_DOMAIN = "no_domain"


@dataclass(frozen=True)
class Proof:
    """What was found: the method that showed it, or why none did."""

    method: DomainMethod | None
    reason: ProofReason | None = None


def look(host: str, wanted: str) -> Proof:
    """Whether DNS, or else the site itself, says the line that is wanted."""
    texts = _txt_records(host)
    if isinstance(texts, list) and wanted in texts:
        return Proof(DomainMethod.DNS)
    if wanted in _lines_of_file(host):
        return Proof(DomainMethod.FILE)
    return Proof(None, texts if isinstance(texts, ProofReason) else ProofReason.NO_RECORD)


def _txt_records(host: str) -> list[str] | ProofReason:
    try:
        answer = _resolver().resolve(host, "TXT", lifetime=SECONDS, search=False)
    except dns.resolver.NXDOMAIN:
        return ProofReason.NO_DOMAIN
    except dns.resolver.NoAnswer:
        return ProofReason.NO_RECORD
    except (dns.exception.DNSException, OSError) as error:
        log.info("the TXT records of a domain could not be read: %s", type(error).__name__)
        return ProofReason.NO_ANSWER
    # A long text comes in pieces that belong together.
    return [b"".join(record.strings).decode("utf-8", "replace").strip() for record in answer]


def _lines_of_file(host: str) -> list[str]:
    try:
        answer = egress.fetch(f"https://{host}{PROOF_FILE}", cut=True)
    except EgressError as error:
        log.info("the file of a domain could not be read: %s", error)
        return []
    return [line.strip() for line in answer.text().splitlines()] if answer.status == 200 else []


def _resolver() -> dns.resolver.Resolver:
    named = settings().dns_servers
    if not named:
        return dns.resolver.Resolver()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [place.rpartition(":")[0] or place for place in named]
    resolver.port = int(named[0].rpartition(":")[2]) if ":" in named[0] else 53
    return resolver
