"""Keeping the daily rows in step, within the unit of work of what they count.

The posts of an agreement and the orders of a link's day are taken anew from what is written down;
clicks are added, since a day may have millions of them. Whoever changes something that is counted
says so, and the rows follow as the last step of the unit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite

from app.ad_requests.models import AdRequest
from app.attribution.click_rules import Reason
from app.attribution.models import Order, TrackingLink
from app.core.events import publish
from app.core.extensions import db
from app.core.transaction import before_commit
from app.statistics import daily, link_days
from app.statistics.daily import Row, Rows, day_in
from app.statistics.events import ReportChanged
from app.statistics.models import COUNTED_COLUMNS, ORDER_COLUMNS, Statistics

BATCH = 200
_TABLE: Any = Statistics.__table__
_NOTHING = dict.fromkeys(COUNTED_COLUMNS, 0)
_MORE = (
    _TABLE.update()
    .where(_TABLE.c.subject_id == bindparam("of"), _TABLE.c.day == bindparam("on"))
    .values({name: _TABLE.c[name] + bindparam(f"more_{name}") for name in COUNTED_COLUMNS})
)


def changed_agreement(ad_request_id: str) -> None:
    """Count the posts and fees of an agreement anew, once all that the open unit does is done."""
    before_commit(_count_agreements, ad_request_id)


def changed_orders(link_id: str, order_id: str) -> None:
    """Count the orders of a link anew on the day of this one, once all that the open unit does is
    done. To be said for the link that the order is credited to, and for the one before."""
    before_commit(_count_orders, (link_id, order_id))


def add_clicks(clicks: Iterable[tuple[str, datetime, Reason, int]]) -> None:
    """Add clicks: the link, when, what they are, and how many (less than 0 takes some away)."""
    found = list(clicks)
    heads = link_days.heads({link_id for link_id, *_ in found})
    counts: Counter[tuple[str, Any, str]] = Counter()
    for link_id, at, reason, count in found:
        day = day_in(heads[link_id].time_zone, at)
        counts[link_id, day, f"clicks_{reason.value}"] += count
    rows: Rows = {}
    for (link_id, day, name), count in counts.items():
        if count:
            link_days.row_of(rows, heads[link_id], day)[name] = count
    _add(rows)
    _tell(rows.values())


def rebuild(campaign_id: str | None = None) -> int:
    """Make the rows of a campaign, or all rows, anew; returns how many there are.

    Whoever counts something waits until this is done.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE statistics IN SHARE ROW EXCLUSIVE MODE"))
    gone = delete(Statistics)
    if campaign_id is not None:
        gone = gone.where(Statistics.campaign_id == campaign_id)
    db.session.execute(gone)
    made = 0
    for ids in _batches(AdRequest, campaign_id):
        made += _insert(daily.of_agreements(ids))
    for ids in _batches(TrackingLink, campaign_id):
        rows: Rows = {}
        heads = link_days.heads(ids)
        link_days.add_clicks(rows, heads)
        link_days.add_orders(rows, heads)
        made += _insert(rows)
    return made


def _count_agreements(ad_request_ids: Sequence[str]) -> None:
    ids = sorted(set(ad_request_ids))
    # Whoever acts on an agreement holds its row, so this waits for nobody in the usual case.
    held = select(AdRequest.id).where(AdRequest.id.in_(ids)).order_by(AdRequest.id)
    db.session.execute(held.with_for_update(key_share=True))
    rows = daily.of_agreements(ids)
    db.session.execute(
        delete(Statistics)
        .where(Statistics.subject_id.in_(ids))
        .execution_options(synchronize_session=False)
    )
    _insert(rows)
    _tell(
        dict(zip(("campaign_id", "sponsor_id", "influencer_id"), row, strict=True))
        for row in db.session.execute(
            select(AdRequest.campaign_id, AdRequest.sponsor_id, AdRequest.influencer_id).where(
                AdRequest.id.in_(ids)
            )
        )
    )


def _count_orders(items: Sequence[tuple[str, str]]) -> None:
    heads = link_days.heads({link_id for link_id, _ in items})
    times = select(Order.id, Order.ordered_at).where(Order.id.in_({item[1] for item in items}))
    at = {row.id: row.ordered_at for row in db.session.execute(times)}
    days = {(link_id, day_in(heads[link_id].time_zone, at[order])) for link_id, order in items}
    for link_id, day in sorted(days):
        head = {link_id: heads[link_id]}
        row = _held(heads[link_id], day)
        fresh: Rows = {}
        link_days.add_orders(fresh, head, day)
        for name in ORDER_COLUMNS:
            setattr(row, name, fresh.get((link_id, day), {}).get(name, 0))
        if not any(getattr(row, name) for name in COUNTED_COLUMNS):
            db.session.delete(row)
        db.session.flush()
        _tell([row.columns()])


def _held(head: Any, day: date) -> Statistics:
    """The row of a link's day, made if it is not there, and held until the unit ends: whoever
    counts the same day waits, and then sees what was counted here."""
    rows: Rows = {}
    link_days.row_of(rows, head, day)
    _add(rows)
    held = select(Statistics).where(Statistics.subject_id == head.id, Statistics.day == day)
    return db.session.execute(
        held.with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def _batches(table: Any, campaign_id: str | None) -> Iterator[list[str]]:
    """The ids of a table in order, a few at a time."""
    behind = ""
    while True:
        statement = select(table.id).where(table.id > behind).order_by(table.id).limit(BATCH)
        if campaign_id is not None:
            statement = statement.where(table.campaign_id == campaign_id)
        ids = list(db.session.scalars(statement))
        if not ids:
            return
        yield ids
        behind = ids[-1]


def _insert(rows: Rows) -> int:
    if rows:
        db.session.execute(insert(Statistics), [_whole(row) for row in rows.values()])
    return len(rows)


def _add(rows: Rows) -> None:
    """Add counts to the rows that are there, and the rows that are not.

    A count may be below 0, which no row may be: so a row is there before it is added to.
    """
    if not rows:
        return
    is_postgres = db.session.get_bind().dialect.name == "postgresql"
    there = (postgresql.insert if is_postgres else sqlite.insert)(_TABLE).on_conflict_do_nothing()
    # One order of locks for everyone.
    keys = sorted(rows)
    db.session.execute(there, [{**rows[key], **_NOTHING} for key in keys])
    more = [
        {
            "of": subject,
            "on": day,
            **{f"more_{name}": rows[subject, day].get(name, 0) for name in COUNTED_COLUMNS},
        }
        for subject, day in keys
    ]
    db.session.execute(_MORE, more)


def _whole(row: Row) -> Row:
    return {**_NOTHING, **row}


def _tell(rows: Iterable[Row]) -> None:
    concerned = {
        (row["campaign_id"], row["sponsor_id"], row["influencer_id"])
        for row in rows
        if row["campaign_id"] is not None
    }
    for campaign_id, sponsor_id, influencer_id in sorted(concerned):
        publish(
            ReportChanged(
                campaign_id=campaign_id, sponsor_id=sponsor_id, influencer_id=influencer_id
            )
        )
