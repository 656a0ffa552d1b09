"""The stars of a profile or sponsor: a count and a sum, moved when a rating becomes visible."""

from __future__ import annotations

from sqlalchemy import update

from app.core.caching import invalidate
from app.core.extensions import db
from app.identity.models import Influencer, Sponsor
from app.identity.service import DIRECTORY, SPONSORS


def rate_influencer(influencer_id: str, stars: int) -> None:
    """Count one visible rating (1 to 5 stars) of an influencer."""
    _add(Influencer, influencer_id, stars)
    invalidate(DIRECTORY)


def rate_sponsor(sponsor_id: str, stars: int) -> None:
    """Count one visible rating (1 to 5 stars) of a sponsor."""
    _add(Sponsor, sponsor_id, stars)
    invalidate(SPONSORS)


def _add(model: type[Influencer] | type[Sponsor], row_id: str, stars: int) -> None:
    # In the database, so that two ratings at the same moment both count.
    db.session.execute(
        update(model)
        .where(model.id == row_id)
        .values(
            rating_count=model.rating_count + 1,
            rating_sum=model.rating_sum + stars,
            version=model.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
