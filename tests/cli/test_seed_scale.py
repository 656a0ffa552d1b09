"""A large made-up world."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from app.cli.seed_scale import seed_influencers
from app.core.extensions import db
from app.identity.models import Influencer, SocialAccount


def _world() -> list[tuple[str, str, int, int]]:
    rows = db.session.execute(
        select(Influencer.id, Influencer.name, Influencer.reach, Influencer.followers).order_by(
            Influencer.id
        )
    ).all()
    db.session.rollback()
    return [tuple(row) for row in rows]


def test_the_same_seed_makes_the_same_world_whatever_was_there(app: Flask) -> None:
    done: list[int] = []
    seed_influencers(30, 7, done.append)
    first = _world()
    assert len(first) == 30
    assert done[-1] == 30
    seed_influencers(50, 7, done.append)
    grown = _world()
    assert len(grown) == 50
    assert set(first) <= set(grown)
    seed_influencers(50, 8, done.append)
    assert len(_world()) == 100


def test_every_made_up_profile_has_accounts_that_sum_to_its_followers(app: Flask) -> None:
    seed_influencers(40, 1, lambda _done: None)
    sums = dict(
        db.session.execute(
            select(SocialAccount.influencer_id, func.sum(SocialAccount.followers)).group_by(
                SocialAccount.influencer_id
            )
        ).all()
    )
    assert {row[0]: row[3] for row in _world()} == sums


def test_made_up_people_are_found_in_the_directory(app: Flask) -> None:
    seed_influencers(30, 1, lambda _done: None)
    answer = app.test_client().get("/api/v1/public/influencers?limit=10&sort=-reach").get_json()
    reaches = [item["reach"] for item in answer["items"]]
    assert len(reaches) == 10
    assert reaches == sorted(reaches, reverse=True)
