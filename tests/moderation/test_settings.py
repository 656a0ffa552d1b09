"""Figures and switches that an admin changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.audit.models import AuditEntry
from app.core.clock import now
from app.core.extensions import db
from app.core.options import all_options
from app.core.transaction import unit_of_work
from app.identity.models import AuthSession
from tests.factories.identity import SignedIn, make_admin, make_influencer


@pytest.fixture
def admin(app: Flask) -> SignedIn:
    return SignedIn(make_admin())


def setting(admin: SignedIn, name: str) -> dict[str, Any]:
    found = admin.get("/admin/settings").json["items"]
    return next(item for item in found if item["name"] == name)


def test_every_setting_is_shown_with_its_bounds_and_purpose(admin: SignedIn) -> None:
    items = admin.get("/admin/settings").json["items"]
    assert [item["name"] for item in items] == [option.name for option in all_options()]
    for item in items:
        assert item["purpose"].endswith(".")
        assert item["value"] == item["default"]
    assert setting(admin, "appeal_days") == {
        "name": "appeal_days",
        "kind": "whole_number",
        "value": 14,
        "default": 14,
        "lowest": 1,
        "highest": 365,
        "unit": "days",
        "purpose": "How long a flag can be appealed.",
    }
    assert setting(admin, "sponsors_need_approval")["kind"] == "switch"


def test_a_change_holds_at_once_and_is_recorded(admin: SignedIn) -> None:
    before = admin.get("/admin/settings").headers["ETag"]
    changed = admin.patch("/admin/settings", {"values": {"appeal_days": 30, "offer_hours": 72}})
    assert changed.status_code == 200
    assert setting(admin, "appeal_days")["value"] == 30
    assert admin.get("/admin/settings").headers["ETag"] != before
    entries = db.session.scalars(
        db.select(AuditEntry).where(AuditEntry.action == "setting.changed")
    ).all()
    assert [entry.data for entry in entries] == [{"name": "appeal_days", "before": 14, "after": 30}]
    assert entries[0].actor == admin.person.user_id


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"appeal_days": 0}, "values.appeal_days"),
        ({"appeal_days": 366}, "values.appeal_days"),
        ({"appeal_days": 7.0}, "values.appeal_days"),
        ({"appeal_days": True}, "values.appeal_days"),
        ({"appeal_days": "7"}, "values.appeal_days"),
        ({"appeal_days": None}, "values.appeal_days"),
        ({"appeal_days": [7]}, "values.appeal_days"),
        ({"sponsors_need_approval": 1}, "values.sponsors_need_approval"),
        ({"nothing": 1}, "values.nothing"),
        ({}, "values"),
    ],
)
def test_a_bad_value_changes_nothing(admin: SignedIn, values: dict[str, Any], field: str) -> None:
    answer = admin.patch(
        "/admin/settings", {"values": {"offer_hours": 10, **values} if values else {}}
    )
    assert answer.status_code == 422
    assert field in answer.json["errors"]
    assert setting(admin, "offer_hours")["value"] == 72


def test_an_old_sign_in_changes_no_setting(admin: SignedIn) -> None:
    admin.patch("/admin/settings", {"values": {"withdrawal_approval_above": 1000}})
    older = update(AuthSession).values(confirmed_at=now() - timedelta(minutes=11))
    unit_of_work(lambda: db.session.execute(older))
    refused = admin.patch("/admin/settings", {"values": {"withdrawal_approval_above": 0}})
    assert (refused.status_code, refused.json["needs"]) == (403, "fresh-sign-in")
    assert setting(admin, "withdrawal_approval_above")["value"] == 1000


def test_every_admin_hears_of_a_change_that_money_has_to_keep_to(admin: SignedIn) -> None:
    other = SignedIn(make_admin())
    values = {"withdrawal_approval_above": 1000, "appeal_days": 30}
    for _ in range(2):  # the second time changes nothing
        assert admin.patch("/admin/settings", {"values": values}).status_code == 200
    for person in (admin, other):
        told = [one["title"] for one in person.get("/account/notifications").json["items"]]
        assert len(told) == 1
        assert "withdrawal_approval_above" in told[0]


def test_the_time_to_appeal_follows_the_setting(admin: SignedIn) -> None:
    admin.patch("/admin/settings", {"values": {"appeal_days": 2}})
    flag = admin.post(f"/admin/users/{make_influencer().user_id}/flag", {"effect": "warn"}).json
    made, until = (datetime.fromisoformat(flag[name]) for name in ("created_at", "appeal_by"))
    assert 1.99 < (until - made).total_seconds() / 86400 < 2.01
