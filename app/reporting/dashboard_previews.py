"""What the builder of a dashboard asks before anything is kept: fields, values, figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.campaigns import service as campaigns
from app.core.actor import Actor
from app.identity import profiles
from app.reporting.dashboard_fields import DIMENSIONS, MEASURES
from app.reporting.dashboard_figures import choices
from app.reporting.dashboard_parts import Scope
from app.reporting.dashboards import days_of


def scope(
    actor: Actor,
    *,
    campaign_id: str | None = None,
    filters: Mapping[str, Sequence[str | None]] | None = None,
    **period: Any,
) -> Scope:
    """What these filters and days count: of one of the sponsor's campaigns, or of all.

    Raises NotFound for a campaign of somebody else.
    """
    place: Any = (
        profiles.sponsor_of(actor) if campaign_id is None else campaigns.get_for(actor, campaign_id)
    )
    sponsor_id = place.id if campaign_id is None else place.sponsor_id
    kept = {key: tuple(values) for key, values in (filters or {}).items()}
    return Scope(sponsor_id, campaign_id, days_of(place.time_zone, **period), kept)


def fields(actor: Actor, *, campaign_id: str | None = None) -> dict[str, Any]:
    """Every field, with the values that filters of it can keep. Raises NotFound."""
    known = choices(scope(actor, campaign_id=campaign_id))
    return {
        "dimensions": [
            {
                "key": key,
                "type": field.type,
                "unit": None,
                "columns": [],
                "choices": known.get(key, []),
            }
            for key, field in DIMENSIONS.items()
        ],
        "measures": [
            {
                "key": key,
                "type": field.type,
                "unit": field.unit,
                "columns": list(field.columns),
                "choices": [],
            }
            for key, field in MEASURES.items()
        ],
    }
