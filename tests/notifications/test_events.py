"""Server-sent events."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.extensions import db
from app.core.jobs import enqueue, report_progress
from app.core.transaction import unit_of_work
from app.identity import sessions
from app.notifications import live, places, streams
from app.notifications.service import notify
from config import Settings
from tests.factories.identity import Person, SignedIn, make_influencer
from tests.notifications import test_inbox

EVENTS = "/account/events"
assert callable(test_inbox.long_work)  # registers the job that is enqueued below


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.1)


class Listening:
    """An open stream, read event by event."""

    def __init__(self, signed_in: SignedIn, **headers: str) -> None:
        self.answer = signed_in.get(EVENTS, headers=headers, buffered=False)
        self.parts = iter(self.answer.response)
        self.text = ""

    def until(self, event: str, within: float = 10) -> dict[str, Any]:
        """The next event of this name, with its data and id."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            while "\n\n" in self.text:
                block, _, self.text = self.text.partition("\n\n")
                lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
                if lines.get("event") == event:
                    return {"id": lines.get("id"), **json.loads(lines["data"])}
            self.text += next(self.parts).decode()
        raise AssertionError(f"no {event} within {within} s")

    def close(self) -> None:
        self.answer.close()


@pytest.fixture
def listen(app: Flask) -> Iterator[Callable[..., Listening]]:
    """Opens streams, and closes them at the end."""
    opened: list[Listening] = []

    def start(signed_in: SignedIn, **headers: str) -> Listening:
        opened.append(Listening(signed_in, **headers))
        return opened[-1]

    yield start
    for stream in opened:
        stream.close()
    assert places.held() == 0


def tell(person: Person, subject: str = "adr_1") -> None:
    unit_of_work(lambda: notify([person.user_id], "offer_rejected", subject_id=subject))


def test_a_notification_arrives_once_and_at_once(app: Flask, listen: Any, monkeypatch: Any):
    monkeypatch.setattr(streams, "LOOK_SECONDS", 5.0)
    person = make_influencer()
    stream = listen(SignedIn(person))
    assert stream.answer.content_type.startswith("text/event-stream")
    assert b"retry: 5000" in next(stream.parts)
    next(stream.parts)
    started = time.monotonic()
    tell(person)
    event = stream.until("notification")
    assert time.monotonic() - started < 4
    assert event["kind"] == "offer_rejected"
    tell(person, "adr_2")
    assert stream.until("notification")["subject_id"] == "adr_2"


def test_a_stream_runs_where_no_application_is_at_hand(app: Flask, listen: Any):
    person = make_influencer()
    stream = listen(SignedIn(person))
    tell(person)
    # A new thread has no context, as a thread of the web server has none behind the view.
    with ThreadPoolExecutor(1) as server:
        assert server.submit(stream.until, "notification").result(20)["subject_id"] == "adr_1"


def test_nobody_hears_what_is_for_somebody_else(app: Flask, listen: Any):
    person, other = make_influencer(), make_influencer()
    stream = listen(SignedIn(person))
    next(stream.parts)
    tell(other, "adr_theirs")
    live.push([other.user_id], "message", {"id": "theirs"})
    tell(person, "adr_mine")
    assert stream.until("notification")["subject_id"] == "adr_mine"
    assert "theirs" not in stream.text


def test_a_page_that_comes_back_hears_what_it_missed(app: Flask, listen: Any):
    person = make_influencer()
    first = listen(SignedIn(person))
    next(first.parts)
    tell(person, "adr_1")
    last = first.until("notification")["id"]
    first.close()
    tell(person, "adr_2")
    tell(person, "adr_3")
    second = listen(SignedIn(person), **{"Last-Event-ID": last})
    missed = [second.until("notification")["subject_id"] for _ in range(2)]
    assert missed == ["adr_2", "adr_3"]


@pytest.mark.parametrize("last", ["", "x", "ntf_unknown", "\x7f\x00", "é", "x" * 5000])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_odd_last_event_id_starts_from_now(app: Flask, listen: Any, last: str):
    person = make_influencer()
    stream = listen(SignedIn(person), **{"Last-Event-ID": last.replace("\x00", "")})
    assert stream.answer.status_code == 200
    next(stream.parts)
    tell(person)
    assert stream.until("notification")["subject_id"] == "adr_1"


def test_progress_of_own_work_is_heard(app: Flask, listen: Any):
    person = make_influencer()
    asked = unit_of_work(lambda: enqueue("tests.long_work", by=person.actor).id)
    stream = listen(SignedIn(person))
    assert stream.until("job") == {
        "id": asked, "status": "queued", "progress": 0, "doing": None,
    }  # fmt: skip
    report_progress(asked, 40, "Half of it")
    assert stream.until("job")["progress"] == 40


def test_what_domains_push_is_heard(app: Flask, listen: Any):
    person = make_influencer()
    stream = listen(SignedIn(person))
    next(stream.parts)
    next(stream.parts)
    unit_of_work(lambda: live.push([person.user_id], "figures", {"clicks": 7}))
    assert stream.until("figures")["clicks"] == 7


def test_what_was_rolled_back_is_not_heard(app: Flask, listen: Any):
    person = make_influencer()
    stream = listen(SignedIn(person))
    next(stream.parts)

    def fail() -> None:
        live.push([person.user_id], "figures", {"clicks": 1})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        unit_of_work(fail)
    live.push([person.user_id], "figures", {"clicks": 2})
    assert stream.until("figures")["clicks"] == 2


def test_a_stream_ends_with_its_sign_in(app: Flask, listen: Any):
    person = make_influencer()
    stream = listen(SignedIn(person))
    next(stream.parts)
    unit_of_work(lambda: sessions.end_other_sessions(person.user_id))
    with pytest.raises(StopIteration):
        stream.until("an event that never comes")


def test_a_stream_ends_with_its_api_key(app: Flask, listen: Any):
    signed_in = SignedIn(make_influencer())
    made = signed_in.post("/account/api-keys", {"name": "Script", "scopes": ["read"]}).json
    by_key = SignedIn(signed_in.person)
    by_key.headers = {"Authorization": f"Bearer {made['key']}"}
    stream = listen(by_key)
    next(stream.parts)
    assert stream.until("notification")["subject_id"] == made["id"]
    assert signed_in.delete(f"/account/api-keys/{made['id']}").status_code == 204
    with pytest.raises(StopIteration):
        stream.until("an event that never comes")


def test_a_user_has_two_streams_over_all_processes(app: Flask, listen: Any):
    signed_in, other = SignedIn(make_influencer()), SignedIn(make_influencer())
    # One stream is open in another process.
    elsewhere = places.Place(signed_in.person.user_id)
    assert elsewhere.taken_everywhere()
    listen(signed_in)
    refused = signed_in.get(EVENTS)
    assert (refused.status_code, refused.json["type"]) == (429, "too-many-requests")
    assert refused.headers["Retry-After"] == "5"
    assert listen(other).answer.status_code == 200
    # That process was killed and says nothing any more.
    with time_machine.travel(time.time() + places.LEASE_SECONDS + 1, tick=True):
        assert places.Place(signed_in.person.user_id).taken_everywhere()


def test_without_redis_a_process_counts_for_itself(
    app: Flask, listen: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live, "client", lambda: live._client("redis://127.0.0.1:9"))
    monkeypatch.setattr(places, "settings", lambda: Settings(web_threads=16))
    signed_in = SignedIn(make_influencer())
    for _ in range(places.MOST_OF_A_USER):
        assert listen(signed_in).answer.status_code == 200
    assert signed_in.get(EVENTS).status_code == 429
    assert listen(SignedIn(make_influencer())).answer.status_code == 200


def test_half_of_the_threads_stream_and_further_pages_poll(make_app: Any, settings: Any):
    app = make_app(replace(settings, web_threads=4))
    with app.app_context():
        signed_in = SignedIn(make_influencer())
        opened = [Listening(SignedIn(make_influencer())), Listening(signed_in)]
        refused = signed_in.get(EVENTS)
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "5"
        assert refused.json["type"] == "unavailable"
        # A stream that was never read gives its place back too.
        opened.pop().close()
        again = Listening(signed_in)
        next(again.parts)
        for stream in (again, *opened):
            stream.close()
            stream.close()
        assert places.held() == 0
        db.session.remove()


def test_without_redis_the_tables_are_looked_at(app: Flask, listen: Any, monkeypatch: Any):
    monkeypatch.setattr(live, "client", lambda: live._client("redis://127.0.0.1:9"))
    person = make_influencer()
    stream = listen(SignedIn(person))
    next(stream.parts)
    tell(person)
    assert stream.until("notification")["subject_id"] == "adr_1"


def test_places_are_counted_right_under_concurrency(app: Flask):
    person = make_influencer()
    taken: list[streams.Stream] = []
    refused: list[int] = []

    def take() -> None:
        with app.app_context():
            try:
                taken.append(streams.open_stream(person.actor, None, app.app_context))
            except Exception:
                refused.append(1)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=take) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), len(refused)) == (2, 18)
    for stream in taken:
        stream.close()
    assert places.held() == 0


def test_nobody_listens_without_a_sign_in(app: Flask, client: Any):
    assert client.get(f"/api/v1{EVENTS}").status_code == 401
