"""Mails: written in the unit of work, signed and sent by a job."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask

from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, JobStatus, run_job
from app.core.transaction import unit_of_work
from app.identity.models import User
from app.notifications import mailing, service
from app.notifications.models import Mail
from tests.factories.identity import (
    PASSWORD,
    Person,
    SignedIn,
    make_admin,
    make_influencer,
    make_sponsor,
)
from tests.services.mail import MailServer
from tests.services.processes import free_port

NEXT = "another-good-password"


def work_off() -> None:
    """Do every job that is due, as a worker would."""
    for _ in range(5):
        due = list(db.session.scalars(db.select(Job.id).where(Job.status == JobStatus.QUEUED)))
        db.session.rollback()
        if not due:
            return
        for job_id in due:
            run_job(job_id)


def forget_mails() -> None:
    """Start from nothing: registering wrote mails and jobs."""
    unit_of_work(lambda: [db.session.execute(db.delete(model)) for model in (Mail, Job)])


def mails() -> list[Mail]:
    rows = list(db.session.scalars(db.select(Mail).order_by(Mail.id)))
    db.session.rollback()
    return rows


def token_in(message: Any) -> str:
    """The token of the link in a mail that arrived."""
    text = message.get_body(("plain",)).get_content()
    (found,) = re.findall(r"\?token=(\S+)", text)
    marked_up = html.unescape(message.get_body(("html",)).get_content())
    assert found in marked_up
    return str(found)


@pytest.fixture
def person(app: Flask) -> Person:
    made = make_influencer(name="Thảo")
    forget_mails()
    return made


def test_a_registration_mails_the_link_that_confirms_the_address(
    app: Flask, client: Any, smtp: MailServer
):
    body = {"email": "new@example.com", "password": PASSWORD, "role": "influencer", "name": "Ann"}
    client.post("/api/v1/auth/register", json=body)
    assert smtp.messages == []
    work_off()
    (message,) = smtp.messages
    assert smtp.recipients == [["new@example.com"]]
    assert message["Subject"] == "Confirm your email address"
    assert "Hello Ann," in message.get_body(("plain",)).get_content()
    answer = client.post("/api/v1/auth/verify-email", json={"token": token_in(message)})
    assert answer.status_code == 204
    (kept,) = mails()
    assert kept.sent_at is not None
    assert "token=" not in kept.text + kept.html


def test_a_reset_goes_all_the_way(app: Flask, client: Any, smtp: MailServer, person: Person):
    client.post("/api/v1/auth/password-reset", json={"email": person.email})
    work_off()
    (message,) = smtp.messages
    body = {"token": token_in(message), "password": NEXT}
    assert client.post("/api/v1/auth/password-reset/confirm", json=body).status_code == 204
    work_off()
    assert smtp.messages[-1]["Subject"] == "Your password was changed"
    credentials = {"email": person.email, "password": NEXT}
    assert client.post("/api/v1/auth/login", json=credentials).status_code == 200


def test_known_and_unknown_addresses_leave_the_same_work_behind(
    app: Flask, client: Any, smtp: MailServer, person: Person
):
    for email in (person.email, "nobody@example.com"):
        client.post("/api/v1/auth/password-reset", json={"email": email})
    jobs = list(db.session.scalars(db.select(Job).order_by(Job.id)))
    db.session.rollback()
    assert [(job.name, job.args) for job in jobs] == [
        ("notifications.password_reset", {"user_id": person.user_id}),
        ("notifications.password_reset", {"user_id": None}),
    ]
    assert mails() == []
    work_off()
    assert smtp.recipients == [[person.email]]


def test_a_new_address_is_confirmed_by_mail_and_the_old_one_is_told(
    app: Flask, client: Any, smtp: MailServer, person: Person
):
    body = {"email": "next@example.com", "password": PASSWORD}
    assert SignedIn(person).post("/account/email", body).status_code == 202
    work_off()
    assert smtp.recipients == [["next@example.com"]]
    token = token_in(smtp.messages[0])
    assert client.post("/api/v1/auth/verify-email", json={"token": token}).status_code == 204
    work_off()
    assert smtp.recipients[1:] == [[person.email]]
    assert "next@example.com" in smtp.messages[1].get_body(("plain",)).get_content()


def test_an_invitation_goes_all_the_way(app: Flask, client: Any, smtp: MailServer):
    owner = SignedIn(make_sponsor(name="Nordlys"))
    forget_mails()
    owner.post("/sponsor/team/invitations", {"email": "new@example.com", "role": "viewer"})
    work_off()
    (message,) = smtp.messages
    assert message["Subject"] == "Nordlys invites you to the team of Nordlys"
    body = {"token": token_in(message), "name": "New", "password": PASSWORD}
    assert client.post("/api/v1/auth/accept-invitation", json=body).status_code == 201
    inbox = owner.get("/account/notifications").json["items"]
    assert "New joined your team" in [item["title"] for item in inbox]


def test_a_link_that_lost_its_subject_is_not_sent(app: Flask, client: Any, smtp: MailServer):
    owner = SignedIn(make_sponsor())
    forget_mails()
    body = {"email": "new@example.com", "role": "viewer"}
    invitation = owner.post("/sponsor/team/invitations", body).json["id"]
    owner.delete(f"/sponsor/team/invitations/{invitation}")
    work_off()
    assert smtp.messages == []
    (kept,) = mails()
    assert kept.refused_at is not None
    assert kept.sent_at is None


def test_a_link_is_never_sent_to_an_address_that_is_not_the_users_any_more(
    app: Flask, client: Any, smtp: MailServer, person: Person
):
    client.post("/api/v1/auth/password-reset", json={"email": person.email})
    (job,) = db.session.scalars(db.select(Job.id))
    db.session.rollback()
    run_job(job)  # writes the mail, does not send it
    unit_of_work(
        lambda: db.session.execute(
            db.update(User).where(User.id == person.user_id).values(email="moved@example.com")
        )
    )
    work_off()
    assert smtp.messages == []


def test_a_repeated_sending_has_the_same_message_id(app: Flask, smtp: MailServer, person: Person):
    mail = unit_of_work(
        lambda: service.send_mail(person.email, "api_key_made", params={"name": "CI"})
    )
    assert mailing.deliver(mail.id) == "sent"
    assert mailing.deliver(mail.id) == "nothing to do"
    # As after a fall between sending and noting it:
    unit_of_work(lambda: db.session.execute(db.update(Mail).values(sent_at=None)))
    with time_machine.travel(now() + timedelta(minutes=5)):
        assert mailing.deliver(mail.id) == "sent"
    first, second = smtp.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert mail.id in first["Message-ID"]
    assert first["Date"] == second["Date"]


def test_a_server_that_is_away_is_tried_again(make_app: Any, settings: Any):
    app = make_app(replace(settings, smtp_url="smtp://127.0.0.1:9"))
    with app.app_context():
        person = make_influencer()
        forget_mails()
        unit_of_work(lambda: service.send_mail(person.email, "api_key_made"))
        work_off()
        (job,) = db.session.scalars(db.select(Job))
        assert (job.status, job.attempts) == (JobStatus.QUEUED, 1)
        assert "Refused" in (job.error or "")
        assert mails()[0].refused_at is None
        db.session.remove()


class Refusing:
    """A handler that refuses every recipient, for good or for now."""

    def __init__(self, answer: str) -> None:
        self.answer = answer

    async def handle_RCPT(self, *_arguments: Any) -> str:
        return self.answer


@pytest.fixture
def refusing() -> Iterator[Any]:
    """Starts mail servers that refuse."""
    started: list[Any] = []

    def start(answer: str) -> str:
        controller = Controller(Refusing(answer), hostname="127.0.0.1", port=free_port())
        controller.start()
        started.append(controller)
        return f"smtp://127.0.0.1:{controller.port}"

    yield start
    for controller in started:
        controller.stop()


@pytest.mark.parametrize(
    ("answer", "status", "refused"),
    [("550 no such user", JobStatus.DONE, True), ("451 later", JobStatus.QUEUED, False)],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_refusal_for_good_ends_it_and_one_for_now_does_not(
    make_app: Any, settings: Any, refusing: Any, answer: str, status: JobStatus, refused: bool
):
    app = make_app(replace(settings, smtp_url=refusing(answer)))
    with app.app_context():
        mail_id = unit_of_work(lambda: service.send_mail("who@example.com", "api_key_made").id)
        (job_id,) = db.session.scalars(db.select(Job.id))
        db.session.rollback()
        run_job(job_id)
        job, kept = db.session.get_one(Job, job_id), db.session.get_one(Mail, mail_id)
        assert job.status is status
        assert (kept.refused_at is not None) is refused
        assert kept.sent_at is None
        db.session.remove()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_password_is_not_sent_without_tls(make_app: Any, settings: Any, smtp: MailServer):
    where = settings.smtp_url.replace("smtp://", "smtp://user:secret@")
    app = make_app(replace(settings, smtp_url=where))
    with app.app_context():
        mail = unit_of_work(lambda: service.send_mail("who@example.com", "api_key_made"))
        with pytest.raises(Exception, match="no TLS"):
            mailing.deliver(mail.id)
        assert smtp.messages == []
        db.session.remove()


def test_without_a_server_and_a_mailbox_the_job_says_what_to_set(make_app: Any, settings: Any):
    app = make_app(replace(settings, smtp_url=""))
    with app.app_context():
        mail = unit_of_work(lambda: service.send_mail("who@example.com", "api_key_made"))
        with pytest.raises(Exception, match="SMTP_URL"):
            mailing.deliver(mail.id)
        db.session.remove()


def test_in_development_mails_are_read_in_the_mailbox(
    make_app: Any, settings: Any, smtp: MailServer
):
    app = make_app(replace(settings, smtp_url="", dev_mailbox=True))
    with app.app_context():
        client: Any = app.test_client()
        person = make_influencer(verified=False)
        work_off()
        assert smtp.messages == []
        (listed,) = client.get("/api/v1/public/mailbox").json["items"]
        assert listed["to"] == person.email
        assert listed["sent_at"] is not None
        mail = client.get(f"/api/v1/public/mailbox/{listed['id']}").json
        token = re.search(r"token=(\S+)", mail["text"])
        assert token is not None
        answer = client.post("/api/v1/auth/verify-email", json={"token": token[1]})
        assert answer.status_code == 204
        # Its link is used up, the mail is still there.
        assert client.get(f"/api/v1/public/mailbox/{listed['id']}").status_code == 200
        assert client.get("/api/v1/public/mailbox/mai_unknown").status_code == 404
        assert client.get("/api/v1/public/mailbox?limit=1&cursor=x").status_code == 422
        db.session.remove()


def test_elsewhere_there_is_no_mailbox(app: Flask, client: Any, person: Person):
    mail = unit_of_work(lambda: service.send_mail(person.email, "api_key_made"))
    assert client.get("/api/v1/public/mailbox").status_code == 404
    assert client.get(f"/api/v1/public/mailbox/{mail.id}").status_code == 404


def test_old_mails_are_forgotten(app: Flask, person: Person):
    unit_of_work(lambda: service.send_mail(person.email, "api_key_made"))
    assert mailing.forget_old() == 0
    with time_machine.travel(now() + timedelta(days=31)):
        assert mailing.forget_old() == 1
    assert mails() == []


def test_nobody_is_mailed_when_the_unit_of_work_fails(app: Flask, smtp: MailServer):
    def work() -> None:
        service.send_mail("who@example.com", "api_key_made")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        unit_of_work(work)
    work_off()
    assert mails() == []
    assert smtp.messages == []


def test_admins_hear_of_whoever_waits_for_approval(app: Flask, smtp: MailServer):
    admin = make_admin()
    sponsor = make_sponsor(approved=False, name="Nordlys")
    (item,) = SignedIn(admin).get("/account/notifications").json["items"]
    assert item["title"] == "Nordlys waits for approval"
    assert (item["kind"], item["subject_id"]) == ("account_waiting", sponsor.user_id)
    work_off()
    assert [admin.email] in smtp.recipients
