"""Ratings show when both are in or when the time is over, and count only then."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.ad_requests import service
from app.core.clock import now
from app.core.errors import Conflict
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity.models import Influencer, Sponsor
from tests.factories.ad_requests import advance, agree, document, make_world, reload


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def done(world):
    made = agree(world)
    advance(world, made, "completed")
    return made


def rate(world, made, by, stars=4):
    actor = world.side(by).actor
    unit_of_work(
        lambda: service.rate(actor, ad_request_id=made.id, stars=stars, text=f"By {by}").id
    )


def refused(world, made, by) -> str:
    with pytest.raises(Conflict) as raised:
        rate(world, made, by)
    return raised.value.type


def seen(world, made, by) -> list[tuple[str, int]]:
    return [(row["by"], row["stars"]) for row in document(world.side(by), made)["ratings"]]


def stars_of(world) -> tuple[tuple[int, int], tuple[int, int]]:
    """(count, sum) of the influencer and of the sponsor."""
    db.session.rollback()
    influencer = db.session.get_one(Influencer, world.influencer.influencer_id)
    sponsor = db.session.get_one(Sponsor, world.sponsor.sponsor_id)
    return (
        (influencer.rating_count, influencer.rating_sum),
        (sponsor.rating_count, sponsor.rating_sum),
    )


def test_a_rating_stays_hidden_from_the_other_side_until_both_are_in(world, done):
    rate(world, done, "sponsor", 5)
    assert seen(world, done, "sponsor") == [("sponsor", 5)]
    assert seen(world, done, "influencer") == []
    assert stars_of(world) == ((0, 0), (0, 0))

    rate(world, done, "influencer", 3)

    assert seen(world, done, "influencer") == [("sponsor", 5), ("influencer", 3)]
    assert seen(world, done, "sponsor") == [("sponsor", 5), ("influencer", 3)]
    assert stars_of(world) == ((1, 5), (1, 3))


def test_one_rating_alone_shows_after_14_days(world, done):
    rate(world, done, "influencer", 2)
    ends = reload(done).ratings_close_at
    with time_machine.travel(ends - timedelta(seconds=1), tick=False):
        service.enforce_deadlines()
        assert seen(world, done, "sponsor") == []
    with time_machine.travel(ends, tick=False):
        assert service.enforce_deadlines() == {"revealed": 1}
        assert seen(world, done, "sponsor") == [("influencer", 2)]
        assert service.enforce_deadlines() == {}
    assert stars_of(world) == ((0, 0), (1, 2))


def test_nobody_answers_a_rating_that_shows_with_a_rating(world, done):
    rate(world, done, "influencer", 1)
    with time_machine.travel(reload(done).ratings_close_at, tick=False):
        assert refused(world, done, "sponsor") == "rating-closed"


def test_a_side_rates_once(world, done):
    rate(world, done, "sponsor")
    assert refused(world, done, "sponsor") == "already-rated"
    assert "rate" not in document(world.sponsor, done)["actions"]
    assert "rate" in document(world.influencer, done)["actions"]


def test_an_agreement_that_runs_is_not_rated(world):
    made = agree(world)
    assert refused(world, made, "sponsor") == "rating-closed"


def test_a_cancelled_agreement_may_be_rated(world):
    made = agree(world)
    advance(world, made, "cancelled")
    rate(world, made, "sponsor", 1)
    assert now() < reload(made).ratings_close_at
