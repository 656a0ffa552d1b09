"""The names behind the opaque references of the ledger.

Payments knows an agreement as a `reference` only. Whoever knows more (agreements, above) gives one
function at start-up; without it the documents show no names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Named:
    """A row that is shown by its name; `slug` is that of a public profile."""

    id: str
    name: str
    slug: str | None = None


@dataclass(frozen=True)
class Agreement:
    """What an agreement is about: its campaign, its sides, and its deliverables' titles by id."""

    campaign: Named
    sponsor: Named
    influencer: Named
    deliverables: Mapping[str, str] = field(default_factory=dict)


NameAgreements = Callable[[Collection[str]], Mapping[str, Agreement]]


class _Source:
    """The function in use."""

    find: NameAgreements | None = None


def name_by(find: NameAgreements) -> None:
    """Use `find` from now on: references in, the agreements that exist out."""
    _Source.find = find


def agreements(references: Collection[str]) -> Mapping[str, Agreement]:
    """The agreements behind the references; an unknown one is left out. Two statements at most."""
    wanted = {reference for reference in references if reference}
    if not wanted or _Source.find is None:
        return {}
    return _Source.find(wanted)
