"""A large made-up world: the same seed makes the same rows, in batches of bounded memory."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from app.core.extensions import db
from app.core.models import Base
from app.core.transaction import unit_of_work
from app.identity.models import Influencer, InfluencerNiche, SocialAccount, User
from app.identity.reach import engagement_rate, reach

BATCH = 2_000
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
# Nobody signs in as a made-up person: this is no hash of any password.
NO_PASSWORD = "!"  # noqa: S105

GIVEN = (
    "Aiko Amara Anh Arjun Astrid Ayşe Beatriz Bjørn Camila Chidi Chloé Dalia Diego Elif Emeka "
    "Fatima Felix Freya Giulia Hana Hugo Ines Ivan Jonas Kaya Keiko Lan Leila Linh Luca Maja Marta "
    "Mateo Mei Minh Nadia Noah Nora Olga Omar Paula Priya Quang Rania Rosa Sara Sven Tariq Thảo "
    "Tomás Uma Vera Wei Yara Yusuf Zoë"
).split()
FAMILY = (
    "Adeyemi Almeida Andersen Arrieta Bakker Bianchi Chen Costa Dang Demir Dubois Eriksen Fischer "
    "García Haddad Hoang Ito Ivanov Jansen Kaur Kim Kowalczyk Larsen Lê Martin Mbeki Meyer Moreau "
    "Nakamura Nguyễn Novák Okafor Olsen Patel Pereira Popescu Rossi Santos Sato Schmidt Silva "
    "Singh Suzuki Tran Vargas Weber Yılmaz Zhang"
).split()
NICHES = (
    "beauty books cars cooking crafts cycling dance education family fashion film finance fitness "
    "football games gardening health hiking home lifestyle music nature parenting pets photography "
    "running skincare sustainability tech travel vegan yoga"
).split()
COUNTRIES = (
    "Brazil Denmark France Germany India Indonesia Italy Japan Mexico Netherlands Nigeria Poland "
    "Portugal Spain Sweden Turkey Vietnam"
).split()
LANGUAGES = ("da", "de", "en", "es", "fr", "hi", "it", "ja", "nl", "pl", "pt", "sv", "tr", "vi")
PLATFORMS = ("instagram", "tiktok", "youtube", "x", "facebook")

Rows = dict[type[Base], list[dict[str, Any]]]


def seed_influencers(count: int, seed: int, progress: Callable[[int], None]) -> None:
    """Insert influencers 0 … count − 1 of `seed`; rows that are there already stay as they are.

    Calls `progress` with the number done after each batch.
    """
    for start in range(0, count, BATCH):
        stop = min(start + BATCH, count)
        rows = _batch(range(start, stop), seed)
        unit_of_work(partial(_insert, rows))
        progress(stop)


def _insert(rows: Rows) -> None:
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    for model, values in rows.items():
        table = model.__table__
        assert isinstance(table, Table)
        statement: Any = dialect.insert(table)
        db.session.execute(statement.on_conflict_do_nothing(), values)


def _batch(numbers: range, seed: int) -> Rows:
    rows: Rows = {User: [], Influencer: [], InfluencerNiche: [], SocialAccount: []}
    for number in numbers:
        for model, row in _influencer(number, seed):
            rows[model].append(row)
    return rows


def _influencer(number: int, seed: int) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    # Each person has a generator of their own, so that any batch can be made alone.
    made = random.Random(f"{seed}:{number}")  # noqa: S311 - made-up data
    name = f"{made.choice(GIVEN)} {made.choice(FAMILY)}"
    user_id, influencer_id = _id("usr", seed, number), _id("inf", seed, number)
    at = EPOCH + timedelta(seconds=made.randrange(300 * 86_400))
    common = {"created_at": at, "updated_at": at, "version": 1}
    yield (
        User,
        {
            "id": user_id,
            "email": f"made-up-{seed}-{number}@accord.invalid",
            "email_verified_at": at,
            "password_hash": NO_PASSWORD,
            "password_changed_at": at,
            "role": "influencer",
            "status": "active",
            "name": name,
            "locale": "en",
            "time_zone": "UTC",
            "hidden": False,
            "money_on_hold": False,
            **common,
        },
    )
    accounts = _accounts(made, seed, number)
    pairs = [(account["followers"], account["average_engagement"]) for account in accounts]
    followers = sum(pair[0] for pair in pairs)
    ratings = made.randrange(0, 40)
    yield (
        Influencer,
        {
            "id": influencer_id,
            "user_id": user_id,
            "slug": f"made-up-{seed}-{number}",
            "name": name,
            "bio": "",
            "country": made.choice(COUNTRIES),
            "language": made.choice(LANGUAGES),
            "currency": "EUR",
            "price_amount": max(2_000, followers // made.randrange(8, 40) // 100 * 100),
            "available": made.random() < 0.85,
            "listed": True,
            "reach": reach(pairs),
            "followers": followers,
            "engagement_rate": engagement_rate(pairs),
            "rating_count": ratings,
            "rating_sum": sum(made.choice((3, 4, 4, 5, 5)) for _ in range(ratings)),
            **common,
        },
    )
    for niche in sorted(made.sample(NICHES, made.randrange(1, 4))):
        yield InfluencerNiche, {"influencer_id": influencer_id, "niche": niche}
    for account in accounts:
        yield (
            SocialAccount,
            {
                **account,
                "influencer_id": influencer_id,
                "created_at": at,
                "updated_at": at,
            },
        )


def _accounts(made: random.Random, seed: int, number: int) -> list[dict[str, Any]]:
    accounts = []
    for platform in made.sample(PLATFORMS, made.choice((1, 1, 1, 2, 2, 3))):
        # Followers are spread over orders of magnitude, as on the platforms.
        followers = int(10 ** made.uniform(3, 6.3))
        engagement = int(followers * min(0.2, made.lognormvariate(-3.5, 0.7)))
        accounts.append(
            {
                "id": _id("soc", seed, number, platform),
                "platform": platform,
                "handle": f"made.up.{seed}.{number}",
                "url": "",
                "followers": followers,
                "average_engagement": engagement,
                "authentic_engagement": int(engagement * made.uniform(0.5, 0.95)),
                "audience_country": made.choice(COUNTRIES),
                "source": "made-up",
            }
        )
    return accounts


def _id(prefix: str, *parts: object) -> str:
    digest = hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()
    return f"{prefix}_{digest[:26]}"
