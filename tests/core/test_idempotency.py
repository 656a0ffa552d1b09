"""One effect for one key, and the same answer however often it is asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.campaigns.models import Campaign
from app.core import idempotency, jobs
from app.core.clock import shifted
from app.core.extensions import db
from app.core.idempotency import IdempotencyRecord
from app.core.transaction import unit_of_work
from app.schedule import SCHEDULE
from tests.factories.campaigns import brief_body
from tests.factories.identity import SignedIn, make_admin, make_influencer, make_sponsor
from tests.services.contention import contend

PATH = "/sponsor/campaigns"


@pytest.fixture
def sponsor(app: Flask) -> SignedIn:
    return SignedIn(make_sponsor())


def create(client: SignedIn, key: str, **changes: Any) -> Any:
    return client.post(
        PATH, brief_body(title="Autumn", **changes), headers={"Idempotency-Key": key}
    )


def campaigns() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Campaign)) or 0


def test_the_same_request_has_one_effect_and_the_same_answer(sponsor: SignedIn) -> None:
    first, again = create(sponsor, "k1"), create(sponsor, "k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert campaigns() == 1


def test_another_body_under_the_same_key_is_refused(sponsor: SignedIn) -> None:
    create(sponsor, "k1")
    other = create(sponsor, "k1", goals="Something else")
    assert (other.status_code, other.json["type"]) == (422, "idempotency-key-reused")
    assert campaigns() == 1


def test_another_path_under_the_same_key_is_another_request(sponsor: SignedIn) -> None:
    first = create(sponsor, "k1").json["id"]
    second = create(sponsor, "k2").json["id"]
    for campaign_id in (first, second):
        answer = sponsor.post(f"{PATH}/{campaign_id}/publish", headers={"Idempotency-Key": "same"})
        assert answer.status_code == (200 if campaign_id == first else 422)


def test_a_key_belongs_to_its_actor(sponsor: SignedIn) -> None:
    other = SignedIn(make_sponsor())
    first, second = create(sponsor, "k1"), create(other, "k1")
    assert first.json["id"] != second.json["id"]
    assert campaigns() == 2


def test_a_refusal_is_not_kept(sponsor: SignedIn) -> None:
    refused = create(sponsor, "k1", starts_on="2026-02-02", ends_on="2026-01-01")
    assert refused.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(IdempotencyRecord)) == 0
    assert create(sponsor, "k1").status_code == 201


def test_an_effect_that_is_refused_later_can_be_asked_for_again(app: Flask) -> None:
    admin, user = SignedIn(make_admin()), make_influencer()
    path, key = f"/admin/users/{user.user_id}/unflag", {"Idempotency-Key": "k1"}
    assert admin.post(path, {}, headers=key).status_code == 409
    admin.post(f"/admin/users/{user.user_id}/flag", {"effect": "warn"})
    assert admin.post(path, {}, headers=key).status_code == 200


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 129, "\x7f"])
def test_a_malformed_key_is_refused(sponsor: SignedIn, key: str) -> None:
    answer = create(sponsor, key)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json["errors"]
    assert campaigns() == 0


def test_money_is_not_moved_without_a_key(sponsor: SignedIn) -> None:
    body = {"amount": {"amount": 1_000, "currency": "EUR"}, "gateway": "sandbox"}
    answer = sponsor.post("/sponsor/deposits", body)
    assert (answer.status_code, answer.json["type"]) == (400, "idempotency-key-required")


def test_old_keys_are_forgotten_and_young_ones_kept(sponsor: SignedIn) -> None:
    with shifted(-idempotency.KEPT_FOR - timedelta(minutes=1)):
        create(SignedIn(sponsor.person), "old")
    create(sponsor, "young")
    for line in SCHEDULE:
        jobs._specs[line.job].run()
    kept = db.session.scalars(select(IdempotencyRecord.key)).all()
    assert kept == ["young"]


def test_however_many_old_keys_there_are_all_are_forgotten(app: Flask) -> None:
    def keep() -> None:
        for number in range(5):
            request = idempotency.RequestKey("usr_1", "a.route", f"k{number}", "hash")
            idempotency.keep(request, status=201, content_type="", location=None, body=b"{}")

    with shifted(-idempotency.KEPT_FOR - timedelta(minutes=1)):
        unit_of_work(keep)
    assert idempotency.forget_old(batch=2) == 5
    assert idempotency.forget_old(batch=2) == 0


@pytest.mark.process
def test_fifty_at_once_have_one_effect_and_the_same_answer(
    sponsor: SignedIn, environ: dict[str, str]
) -> None:
    arguments = {
        "path": f"/api/v1{PATH}",
        "body": brief_body(title="Autumn"),
        "headers": {**sponsor.headers, "Idempotency-Key": "k1"},
    }
    answers = contend(
        environ, "tests.core.contenders:post", arguments, processes=2, times=25, threads=5
    )
    assert len(answers) == 50
    assert {answer["status"] for answer in answers} == {201}
    assert len({(answer["body"]["id"], answer["location"]) for answer in answers}) == 1
    assert sum(not answer["replayed"] for answer in answers) == 1
    assert all(answer["body"] == answers[0]["body"] for answer in answers)
    assert campaigns() == 1
    assert create(sponsor, "k1", goals="Something else").status_code == 422
