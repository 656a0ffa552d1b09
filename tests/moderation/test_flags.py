"""Flags: what they do, from when, and who may raise and lift them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.audit.models import AuditEntry
from app.core.actor import SYSTEM
from app.core.errors import Forbidden
from app.core.events import subscribe
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity.models import User
from app.moderation import service
from app.moderation.errors import AdminsFlagAdmins
from app.moderation.events import FlagLifted, FlagRaised
from app.moderation.terms import Effect, Effects, SubjectType, combined
from tests.factories.campaigns import make_campaign
from tests.factories.identity import (
    SignedIn,
    make_admin,
    make_influencer,
    make_sponsor,
)
from tests.services.contention import contend
from tests.services.statements import counted


@pytest.fixture
def admin(app: Flask) -> SignedIn:
    return SignedIn(make_admin())


@given(st.lists(st.sampled_from(Effect)))
def test_effects_add_up_and_none_takes_another_away(effects: list[Effect]) -> None:
    assert combined(effects) == Effects(
        hidden=any(effect in (Effect.HIDE, Effect.SUSPEND) for effect in effects),
        money_on_hold=Effect.HOLD_MONEY in effects,
        suspended=Effect.SUSPEND in effects,
        flagged=bool(effects),
    )


def test_a_suspension_holds_from_the_next_request_on_and_ends_with_the_flag(
    admin: SignedIn,
) -> None:
    sponsor = SignedIn(make_sponsor())
    assert sponsor.post("/sponsor/campaigns", {}).status_code == 422
    raised = admin.post(
        f"/admin/users/{sponsor.person.user_id}/flag",
        {"effect": "suspend", "reason": "Refunds every order."},
    )
    assert raised.status_code == 201
    assert raised.json["status"] == "open"
    assert raised.json["subject"]["status"] == "suspended"
    refused = sponsor.post("/sponsor/campaigns", {})
    assert (refused.status_code, refused.json["type"]) == (403, "account-suspended")
    assert sponsor.get("/me").json["status"] == "suspended"
    lifted = admin.post(f"/admin/users/{sponsor.person.user_id}/unflag", {"reason": "Explained."})
    assert lifted.status_code == 200
    assert [flag["status"] for flag in lifted.json["items"]] == ["lifted"]
    assert sponsor.post("/sponsor/campaigns", {}).status_code == 422
    assert sponsor.get("/me").json["status"] == "active"


def test_without_an_effect_a_user_is_suspended_and_a_campaign_hidden(
    admin: SignedIn, client: FlaskClient
) -> None:
    sponsor = make_sponsor()
    campaign_id = make_campaign(sponsor).id
    assert client.get(f"/api/v1/public/campaigns/{campaign_id}").status_code == 200
    on_campaign = admin.post(f"/admin/campaigns/{campaign_id}/flag", {})
    assert (on_campaign.status_code, on_campaign.json["effect"]) == (201, "hide")
    assert client.get(f"/api/v1/public/campaigns/{campaign_id}").status_code == 404
    assert admin.post(f"/admin/campaigns/{campaign_id}/unflag", {}).status_code == 200
    assert client.get(f"/api/v1/public/campaigns/{campaign_id}").status_code == 200
    on_user = admin.post(f"/admin/users/{sponsor.user_id}/flag")
    assert (on_user.status_code, on_user.json["effect"]) == (201, "suspend")


def test_a_hidden_influencer_leaves_the_directory_and_keeps_working(
    admin: SignedIn, client: FlaskClient
) -> None:
    influencer = SignedIn(make_influencer())
    path = f"/api/v1/public/influencers/{influencer.person.slug}"
    assert client.get(path).status_code == 200
    admin.post(f"/admin/users/{influencer.person.user_id}/flag", {"effect": "hide"})
    assert client.get(path).status_code == 404
    assert influencer.get("/me").json["status"] == "active"


def test_an_effect_holds_until_its_last_flag_is_lifted(admin: SignedIn) -> None:
    influencer = make_influencer()
    path = f"/admin/users/{influencer.user_id}"
    for effect in ("hide", "hold_money", "hold_money", "warn"):
        admin.post(f"{path}/flag", {"effect": effect})
    user = admin.get(path).json
    assert (user["hidden"], user["money_on_hold"], user["status"]) == (True, True, "active")
    assert user["flags_in_force"] == 4
    admin.post(f"{path}/unflag", {"effect": "hide"})
    user = admin.get(path).json
    assert (user["hidden"], user["money_on_hold"]) == (False, True)
    assert len(admin.post(f"{path}/unflag", {}).json["items"]) == 3
    user = admin.get(path).json
    assert (user["money_on_hold"], user["flags_in_force"]) == (False, 0)


def test_a_suspension_that_ends_is_no_approval(admin: SignedIn) -> None:
    waiting = make_sponsor(approved=False)
    path = f"/admin/users/{waiting.user_id}"
    admin.post(f"{path}/flag", {"effect": "suspend"})
    assert admin.get(path).json["status"] == "suspended"
    admin.post(f"{path}/unflag", {})
    assert admin.get(path).json["status"] == "pending"


def test_lifting_without_a_flag_is_refused(admin: SignedIn) -> None:
    answer = admin.post(f"/admin/users/{make_influencer().user_id}/unflag", {})
    assert (answer.status_code, answer.json["type"]) == (409, "not-flagged")


def test_nobody_flags_or_unflags_themselves(admin: SignedIn) -> None:
    own = f"/admin/users/{admin.person.user_id}"
    SignedIn(make_admin()).post(f"{own}/flag", {"effect": "warn"})
    for act in ("flag", "unflag", "close"):
        answer = admin.post(f"{own}/{act}", {})
        assert (answer.status_code, answer.json["type"]) == (403, "own-account")
    flag = admin.get("/admin/flags").json["items"][0]
    decided = admin.post(f"/admin/flags/{flag['id']}/decide", {"decision": "lift", "reason": "x"})
    assert decided.json["type"] == "own-account"


def test_a_rule_does_not_flag_an_admin(app: Flask) -> None:
    admin = make_admin()
    with pytest.raises(AdminsFlagAdmins):
        unit_of_work(
            lambda: service.flag(
                SYSTEM,
                subject_type=SubjectType.USER,
                subject_id=admin.user_id,
                effect=Effect.WARN,
                rule="R1",
            )
        )


def test_an_admin_suspends_another_one(admin: SignedIn) -> None:
    other = SignedIn(make_admin())
    path = f"/admin/users/{other.person.user_id}/flag"
    assert admin.post(path, {"effect": "suspend"}).status_code == 201
    # The suspended one can read, and judge nobody.
    assert other.get("/admin/users").status_code == 200
    back = other.post(f"/admin/users/{admin.person.user_id}/flag", {"effect": "suspend"})
    assert (back.status_code, back.json["type"]) == (403, "account-suspended")


def test_an_admin_suspended_meanwhile_judges_nobody(app: Flask) -> None:
    last, gone = make_admin(), make_admin()
    unit_of_work(
        lambda: service.flag(last.actor, subject_type=SubjectType.USER, subject_id=gone.user_id)
    )

    def judged_by_someone_suspended_meanwhile() -> None:
        service.flag(gone.actor, subject_type=SubjectType.USER, subject_id=last.user_id)

    with pytest.raises(Forbidden):
        unit_of_work(judged_by_someone_suspended_meanwhile)
    assert db.session.get_one(User, last.user_id).status.value == "active"


@pytest.mark.process
def test_two_admins_who_suspend_each_other_at_once_leave_one(
    app: Flask, environ: dict[str, str]
) -> None:
    one, two = make_admin(), make_admin()
    results = contend(
        environ,
        "tests.moderation.contenders:suspend",
        [
            {"admin_id": one.user_id, "user_id": two.user_id},
            {"admin_id": two.user_id, "user_id": one.user_id},
        ],
    )
    assert sorted(map(str, results)) == ["suspended", "{'refused': 'forbidden'}"]
    db.session.rollback()
    statuses = [
        db.session.get_one(User, person.user_id, populate_existing=True).status.value
        for person in (one, two)
    ]
    assert sorted(statuses) == ["active", "suspended"]


def test_money_is_not_held_by_a_flag_on_a_campaign(admin: SignedIn) -> None:
    campaign = make_campaign(make_sponsor())
    answer = admin.post(f"/admin/campaigns/{campaign.id}/flag", {"effect": "hold_money"})
    assert answer.status_code == 422
    assert "effect" in answer.json["errors"]


@pytest.mark.parametrize("path", ["/admin/users/usr_0/flag", "/admin/campaigns/cmp_0/unflag"])
def test_flags_of_nobody_are_not_found(admin: SignedIn, path: str) -> None:
    assert admin.post(path, {}).status_code == 404


def test_a_closed_account_cannot_be_suspended(admin: SignedIn) -> None:
    path = f"/admin/users/{make_influencer().user_id}"
    assert admin.post(f"{path}/close", {"reason": "Asked for it."}).status_code == 200
    answer = admin.post(f"{path}/flag", {"effect": "suspend"})
    assert (answer.status_code, answer.json["state"]) == (409, "closed")


def test_flags_are_listed_with_their_evidence_by_every_filter(admin: SignedIn) -> None:
    user, campaign_id = make_influencer(), make_campaign(make_sponsor(), title="Autumn").id
    evidence = [{"text": "38 % of orders refunded", "url": "https://example.com/orders"}]
    admin.post(
        f"/admin/users/{user.user_id}/flag",
        {"effect": "hold_money", "reason": "Rule R4", "evidence": evidence},
    )
    admin.post(f"/admin/campaigns/{campaign_id}/flag", {"effect": "warn"})
    admin.post(f"/admin/users/{user.user_id}/unflag", {})
    everything = admin.get("/admin/flags").json["items"]
    assert [flag["subject"]["type"] for flag in everything] == ["campaign", "user"]
    assert everything[1]["evidence"] == evidence
    assert everything[1]["severity"] == "high"
    assert everything[1]["raised_by_name"] == "Admin"
    assert everything[0]["subject"]["name"] == "Autumn"
    for query, wanted in [
        ("status=lifted", ["user"]),
        ("status=open", ["campaign"]),
        ("subject_type=campaign", ["campaign"]),
        (f"subject_id={user.user_id}", ["user"]),
        ("effect=warn", ["campaign"]),
        ("undecided=true", ["campaign"]),
        ("undecided=false", ["user"]),
        (f"raised_by={admin.person.user_id}&limit=1", ["campaign"]),
        ("raised_by=system", []),
    ]:
        found = admin.get(f"/admin/flags?{query}").json["items"]
        assert [flag["subject"]["type"] for flag in found] == wanted, query


def test_a_page_of_flags_costs_the_same_however_long_it_is(admin: SignedIn) -> None:
    def flag_one() -> None:
        admin.post(f"/admin/users/{make_influencer().user_id}/flag", {"effect": "warn"})
        admin.post(f"/admin/campaigns/{make_campaign(make_sponsor()).id}/flag", {"effect": "warn"})

    flag_one()
    with counted() as few:
        admin.get("/admin/flags")
    for _ in range(3):
        flag_one()
    with counted() as many:
        assert len(admin.get("/admin/flags").json["items"]) == 8
    assert len(many) == len(few)


def test_raising_and_lifting_is_told_and_recorded(admin: SignedIn) -> None:
    told: list[object] = []
    subscribe(FlagRaised, told.append)
    subscribe(FlagLifted, told.append)
    user_id = make_influencer().user_id
    flag = admin.post(f"/admin/users/{user_id}/flag", {"effect": "warn", "reason": "Spam"}).json
    admin.post(f"/admin/users/{user_id}/unflag", {"reason": "Was none"})
    assert told == [
        FlagRaised(flag["id"], "user", user_id, "warn", "Spam"),
        FlagLifted(flag["id"], "user", user_id, "Was none"),
    ]
    actions = db.session.scalars(
        db.select(AuditEntry.action)
        .where(AuditEntry.subject_id == user_id, AuditEntry.action.startswith("flag."))
        .order_by(AuditEntry.at, AuditEntry.id)
    ).all()
    assert actions == ["flag.raised", "flag.lifted"]
