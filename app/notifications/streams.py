"""Server-sent events: notifications, job progress and whatever domains push.

A stream occupies a thread of the web server, so only half of a process's threads stream at once,
and at most two of them for one user, however many processes there are (`places`); `open_stream`
refuses further ones, and the page polls instead. A stream ends by itself after some minutes, and at
once when its session or API key has ended; the page comes back with Last-Event-ID and hears what
it missed.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.core.actor import Actor
from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, JobStatus
from app.identity.models import User
from app.identity.sessions import still_signed_in
from app.notifications import places
from app.notifications.live import Listener
from app.notifications.models import Notification
from app.notifications.service import describe, reader_of

LONGEST_SECONDS = 300.0
# Only a write tells that a page has gone, and that its place is free.
HEARTBEAT_SECONDS = 5.0
LOOK_SECONDS = 2.0
# A row may become visible a little after rows with a later time: look back this far.
OVERLAP = timedelta(seconds=10)
MOST_MISSED = 100

Context = Callable[[], AbstractContextManager[Any]]


class Stream:
    """One open stream, iterated by the web server; `close` gives its place back, once."""

    def __init__(
        self, actor: Actor, place: places.Place, last_id: str | None, context: Context
    ) -> None:
        self.actor = actor
        self.context = context
        self._place = place
        self._since = _start(actor, last_id)
        self._sent: deque[str] = deque([last_id] if last_id else [], maxlen=1000)
        self._jobs: dict[str, tuple[str, int, str | None]] = {}
        self._guard = threading.Lock()
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        # The web server iterates where no request and no application is at hand any more.
        with self.context():
            listener = Listener(self.actor.user_id or "")
        ends, beat, look = time.monotonic() + LONGEST_SECONDS, 0.0, 0.0
        yield f"retry: {places.RETRY_SECONDS * 1000}\n\n".encode()
        try:
            while not self._closed and time.monotonic() < ends:
                if time.monotonic() >= look:
                    with self.context():
                        news = self._news()
                    if news is None:
                        return
                    look = time.monotonic() + LOOK_SECONDS
                    yield from news
                if time.monotonic() >= beat:
                    with self.context():
                        self._place.keep()
                    yield b": still here\n\n"
                    beat = time.monotonic() + HEARTBEAT_SECONDS
                heard = _hear(listener, max(0.0, look - time.monotonic()))
                if heard is None:
                    continue
                if heard[0] == "notification":
                    look = 0.0  # the row itself is read from its table
                else:
                    yield _event(heard[0], heard[1])
        finally:
            listener.close()
            self.close()

    def close(self) -> None:
        """End the stream and give its place back."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
        with self.context():
            self._place.free()

    def _news(self) -> list[bytes] | None:
        """What is new in the tables; None when the sign-in has ended."""
        user = db.session.get(User, self.actor.user_id)
        if user is None or not still_signed_in(self.actor):
            return None
        rows = db.session.scalars(
            select(Notification)
            .where(Notification.user_id == user.id, Notification.created_at > self._since)
            .order_by(Notification.created_at, Notification.id)
            .limit(MOST_MISSED)
        ).all()
        reader = reader_of(user)
        events = []
        for row in rows:
            mark = f"{row.id}.{row.created_at.isoformat()}"
            if mark not in self._sent and row.id not in self._sent:
                self._sent.append(mark)
                events.append(_event("notification", describe(row, reader), row.id))
        if rows:
            self._since = max(self._since, rows[-1].created_at - OVERLAP)
        return events + self._progress()

    def _progress(self) -> list[bytes]:
        jobs = db.session.scalars(
            select(Job).where(
                Job.requested_by == self.actor.user_id,
                (Job.status.in_([JobStatus.QUEUED, JobStatus.RUNNING]))
                | (Job.finished_at > now() - OVERLAP),
            )
        )
        events = []
        for job in jobs:
            state = (job.status.value, job.progress, job.doing)
            if self._jobs.get(job.id) != state:
                self._jobs[job.id] = state
                data = {"id": job.id, "status": state[0], "progress": state[1], "doing": state[2]}
                events.append(_event("job", data))
        return events


def open_stream(actor: Actor, last_id: str | None, context: Context) -> Stream:
    """A stream for the actor. `context` makes the app's context for each look at the tables.

    Raises Unavailable when half of the process's threads stream already, TooMany when the user
    has as many streams as anyone may have.
    """
    place = places.take(actor.user_id or "")
    try:
        return Stream(actor, place, last_id, context)
    except BaseException:
        place.free()
        raise


def _start(actor: Actor, last_id: str | None) -> datetime:
    """From when on to look: the last event that the page got, else now."""
    if last_id:
        at = db.session.scalar(
            select(Notification.created_at).where(
                Notification.id == last_id, Notification.user_id == actor.user_id
            )
        )
        if at is not None:
            return at - OVERLAP
    return now() - timedelta(seconds=1)


def _hear(listener: Listener, seconds: float) -> tuple[str, dict[str, Any]] | None:
    if listener.hears:
        return listener.wait(seconds)
    time.sleep(seconds)
    return None


def _event(name: str, data: dict[str, Any], event_id: str | None = None) -> bytes:
    text = json.dumps(data, default=_plain, ensure_ascii=False)
    lines = ([f"id: {event_id}"] if event_id else []) + [f"event: {name}", f"data: {text}"]
    return ("\n".join(lines) + "\n\n").encode()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
