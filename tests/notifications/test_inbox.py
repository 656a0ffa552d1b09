"""The inbox, and what is wanted by mail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.jobs import Job, enqueue, job, report_progress, run_job
from app.core.transaction import unit_of_work
from app.identity import service as identity
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import User
from app.notifications.models import Mail
from app.notifications.service import notify
from tests.factories.identity import Person, SignedIn, make_influencer, make_sponsor

INBOX = "/account/notifications"


def tell(
    *people: Person, kind: str = "offer_rejected", subject: str = "adr_1", **params: Any
) -> None:
    """Tell people of something."""
    unit_of_work(
        lambda: notify(
            [person.user_id for person in people],
            kind,
            subject_id=subject,
            params=params,
            link="/influencer/ad-requests/adr_1",
        )
    )


def mailed_to() -> list[str]:
    """Who got mails of the kinds under test; registering mails too."""
    rows = list(
        db.session.scalars(
            db.select(Mail.to_address).where(Mail.kind != "verify_email").order_by(Mail.id)
        )
    )
    db.session.rollback()
    return rows


def test_a_notification_is_shown_in_the_readers_language(app: Flask):
    person = make_influencer()
    signed_in = SignedIn(person)
    signed_in.patch("/account/preferences", {"locale": "vi"})
    tell(person, other="Nordlys", campaign="Winter", reason=None)
    answer = signed_in.get(INBOX).json
    (item,) = answer["items"]
    assert item["title"] == "Nordlys từ chối Winter"
    assert item["url"] == "/influencer/ad-requests/adr_1"
    assert (item["kind"], item["subject_id"]) == ("offer_rejected", "adr_1")
    assert item["read_at"] is None
    assert answer["unread"] == 1


def test_reading_some_and_all(app: Flask):
    person, other = make_influencer(), make_influencer()
    for number in range(3):
        tell(person, other, subject=f"adr_{number}")
    signed_in = SignedIn(person)
    first = signed_in.get(INBOX).json["items"][0]["id"]
    read = f"{INBOX}/read"
    assert signed_in.post(read, {"ids": [first]}).json == {"marked": 1, "unread": 2}
    assert signed_in.post(read, {"ids": [first, "ntf_unknown"]}).json == {"marked": 0, "unread": 2}
    unread = signed_in.get(f"{INBOX}?unread=true").json["items"]
    assert first not in [item["id"] for item in unread]
    assert len(unread) == 2
    assert signed_in.post(read, {"all": True}).json == {"marked": 2, "unread": 0}
    assert SignedIn(other).get(INBOX).json["unread"] == 3


def test_nobody_reads_or_marks_the_inbox_of_somebody_else(app: Flask):
    person, stranger = make_influencer(), SignedIn(make_influencer())
    tell(person)
    notification = SignedIn(person).get(INBOX).json["items"][0]["id"]
    assert stranger.get(INBOX).json["items"] == []
    assert stranger.post(f"{INBOX}/read", {"ids": [notification]}).json["marked"] == 0
    assert SignedIn(person).get(INBOX).json["unread"] == 1


def test_the_inbox_is_paged_without_gaps(app: Flask):
    person = make_influencer()
    for number in range(5):
        tell(person, subject=f"adr_{number}")
    signed_in = SignedIn(person)
    seen: list[str] = []
    path = f"{INBOX}?limit=2"
    while True:
        page = signed_in.get(path).json
        seen += [item["subject_id"] for item in page["items"]]
        if page["next"] is None:
            break
        path = f"{INBOX}?limit=2&cursor={page['next']}"
    assert seen == [f"adr_{number}" for number in reversed(range(5))]


def test_further_messages_about_the_same_thing_renew_the_unread_line(app: Flask):
    person = make_influencer()
    tell(person, kind="message_posted", other="Ann", campaign="Winter")
    tell(person, kind="message_posted", other="Bob", campaign="Winter")
    tell(person, kind="message_posted", subject="adr_2", other="Ann", campaign="Spring")
    signed_in = SignedIn(person)
    titles = [item["title"] for item in signed_in.get(INBOX).json["items"]]
    assert titles == ["Ann wrote to you", "Bob wrote to you"]
    assert len(mailed_to()) == 2
    signed_in.post(f"{INBOX}/read", {"all": True})
    tell(person, kind="message_posted", other="Ann", campaign="Winter")
    assert signed_in.get(INBOX).json["unread"] == 1
    assert len(signed_in.get(INBOX).json["items"]) == 3
    assert len(mailed_to()) == 3


def test_mails_follow_the_preferences_of_each_user(app: Flask):
    wants, declines, default = make_influencer(), make_influencer(), make_influencer()
    SignedIn(wants).patch("/account/preferences", {"mail": {"offer_extended": True}})
    SignedIn(declines).patch("/account/preferences", {"mail": {"offer_rejected": False}})
    tell(wants, declines, default)
    assert sorted(mailed_to()) == sorted([wants.email, default.email])
    tell(wants, declines, default, kind="offer_extended")
    assert mailed_to()[2:] == [wants.email]
    for person in (wants, declines, default):
        assert SignedIn(person).get(INBOX).json["unread"] == 2


def test_what_guards_the_account_comes_by_mail_whatever_is_set(app: Flask):
    person = make_influencer()
    refused = SignedIn(person).patch("/account/preferences", {"mail": {"password_changed": False}})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["mail"])
    tell(person, kind="password_changed")
    assert mailed_to() == [person.email]


def test_closed_accounts_are_told_nothing(app: Flask):
    person, gone = make_influencer(), make_sponsor(approved=False)
    unit_of_work(lambda: USER.move(db.session.get_one(User, gone.user_id), SYSTEM, UserEvent.CLOSE))
    tell(person, gone)
    assert mailed_to() == [person.email]


def test_unconfirmed_addresses_get_no_news_where_they_must_be_confirmed(
    make_app: Any, settings: Any
):
    app = make_app(replace(settings, require_email_verification=True))
    with app.app_context():
        known, unknown = make_influencer(), make_influencer(verified=False)
        tell(known, unknown)
        assert mailed_to() == [known.email]
        assert SignedIn(unknown).get(INBOX).json["unread"] == 1
        db.session.remove()


def test_preferences_are_kept_and_shown(app: Flask):
    signed_in = SignedIn(make_influencer())
    changes = {"name": "Ann", "locale": "vi", "time_zone": "Asia/Ho_Chi_Minh", "theme": "dark"}
    shown = signed_in.patch("/account/preferences", changes).json
    assert {name: shown[name] for name in changes} == changes
    assert signed_in.get("/me").json["theme"] == "dark"
    assert shown["mail"]["offer_made"] is True
    assert shown["mail"]["offer_extended"] is False
    assert "password_changed" not in shown["mail"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"locale": "english please"},
        {"locale": "../en"},
        {"locale": "en\n"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "UTC\x00"},
        {"theme": "pink"},
        {"mail": {"unknown": True}},
        {"mail": {"offer_made": "yes"}},
        {"mail": [True]},
        {"mail": {"x" * 41: True}},
        {"email": "x@example.com"},
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_malformed_preferences_are_refused(app: Flask, body: dict[str, Any]):
    answer = SignedIn(make_influencer()).patch("/account/preferences", body)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"all": False},
        {"all": "yes"},
        {"ids": []},
        {"ids": ["ntf_1"], "all": True},
        {"ids": "ntf_1"},
        {"ids": [1]},
        {"ids": ["x" * 33]},
        {"ids": ["x"] * 501},
        {"ids": None},
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_malformed_mark_is_refused(app: Flask, body: dict[str, Any]):
    answer = SignedIn(make_influencer()).post(f"{INBOX}/read", body)
    assert answer.status_code == 422
    assert answer.json["errors"]


@pytest.mark.parametrize("query", ["cursor=x", "limit=0", "sort=kind", "unread=maybe", "x=1"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_malformed_question_is_refused(app: Flask, query: str):
    assert SignedIn(make_influencer()).get(f"{INBOX}?{query}").status_code == 422


def test_a_sponsor_hears_the_decision(app: Flask):
    waiting, other = make_sponsor(approved=False), make_sponsor(approved=False)
    unit_of_work(
        lambda: identity.decide_registration(SYSTEM, user_id=waiting.user_id, approve=True)
    )
    titles = [item["title"] for item in SignedIn(waiting).get(INBOX).json["items"]]
    assert titles == ["Your account is approved"]
    unit_of_work(
        lambda: identity.decide_registration(
            SYSTEM, user_id=other.user_id, approve=False, reason="No site."
        )
    )
    assert sorted(mailed_to()) == sorted([waiting.email, other.email])


# --- long work ----------------------------------------------------------------------------------


@job("tests.long_work", max_attempts=1)
def long_work(fails: bool = False) -> dict[str, str]:
    """Work for the tests below."""
    if fails:
        raise ValueError("secret internals")
    return {"file_id": "fil_made"}


def test_long_work_is_shown_to_whoever_asked_for_it(app: Flask):
    person = make_influencer()
    signed_in, stranger = SignedIn(person), SignedIn(make_influencer())
    asked = unit_of_work(lambda: enqueue("tests.long_work", by=person.actor).id)
    path = f"/account/jobs/{asked}"
    assert signed_in.get(path).json["status"] == "queued"
    report_progress(asked, 40, "Half of it")
    shown = signed_in.get(path).json
    assert (shown["progress"], shown["doing"], shown["download_url"]) == (40, "Half of it", None)
    run_job(asked)
    shown = signed_in.get(path).json
    assert (shown["status"], shown["progress"], shown["error"]) == ("done", 100, None)
    assert shown["download_url"] == "/api/v1/account/files/fil_made/content"
    assert stranger.get(path).status_code == 404
    assert stranger.get("/account/jobs").json["items"] == []
    assert [item["id"] for item in signed_in.get("/account/jobs").json["items"]] == [asked]


def test_failed_work_says_so_without_its_insides(app: Flask):
    person = make_influencer()
    asked = unit_of_work(lambda: enqueue("tests.long_work", by=person.actor, fails=True).id)
    run_job(asked)
    shown = SignedIn(person).get(f"/account/jobs/{asked}").json
    assert shown["status"] == "failed"
    assert asked in shown["error"]
    assert "secret" not in shown["error"]
    assert db.session.get_one(Job, asked).error == "ValueError: secret internals"
    db.session.rollback()
