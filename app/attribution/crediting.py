"""Whom an order is credited to: the touches that led to it, and the receipt that shows them all.

The signed id of a click proves its link, its moment and its visitor; the other clicks of this
visitor on links of the same sponsor come from the clicks that were counted. Coupons are found by
their text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import joinedload

from app.ad_requests.lifecycle import AdRequestStatus
from app.ad_requests.models import AdRequest
from app.attribution import click_ids
from app.attribution.click_rules import Reason
from app.attribution.codes import fold_coupon
from app.attribution.commissions import convert, kept_revenue
from app.attribution.models import (
    Click,
    CouponCode,
    ExchangeRate,
    Order,
    Receipt,
    ReceiptTouch,
    TrackingLink,
)
from app.attribution.touches import (
    CLOCKS_DIFFER,
    RULE_VERSION,
    Rule,
    Touch,
    TouchKind,
    TouchOutcome,
    credit,
)
from app.core.actor import Actor
from app.core.extensions import db
from app.core.money import MAX_AMOUNT
from app.core.settings import settings

LONGEST_WINDOW = timedelta(days=90)
# Of more clicks than twice this the middle is left out: it is neither first nor last.
MOST_OF_AN_END = 100

_BARRED = {
    Reason.HEAD: TouchOutcome.PREFETCH,
    Reason.PREFETCH: TouchOutcome.PREFETCH,
    Reason.BOT: TouchOutcome.BOT,
    Reason.OWN_TEAM: TouchOutcome.OWN_TEAM,
    Reason.OVER_LIMIT: TouchOutcome.OVER_LIMIT,
    Reason.EXPIRED: TouchOutcome.LINK_ENDED,
}


@dataclass(frozen=True)
class Found:
    """A touch, and the link whose owner it speaks for."""

    touch: Touch
    link: TrackingLink
    coupon: str | None = None


def credit_order(
    order: Order, by: Actor, rule: Rule | None = None
) -> tuple[Receipt, TrackingLink | None]:
    """Write a receipt for an order (locked): under its campaigns' rules it decides from now on,
    under another `rule` it is a replay and changes nothing else. Also gives the winner's link."""
    found, left_out = _touches_of(order)
    _hold_agreements([one.link for one in found])
    decision = credit([one.touch for one in found], order.ordered_at, rule)
    if rule is None:
        db.session.execute(
            update(Receipt)
            .where(Receipt.order_id == order.id, Receipt.decides)
            .values(decides=False)
            .execution_options(synchronize_session="fetch")
        )
    receipt = Receipt(
        order_id=order.id,
        number=1 + _last_number(order.id),
        decides=rule is None,
        is_replay=rule is not None,
        rule_version=RULE_VERSION,
        touch=decision.rule.touch,
        window_days=decision.rule.window_days,
        coupon_beats_link=decision.rule.coupon_beats_link,
        left_out=left_out,
        computed_by=by.label,
    )
    db.session.add(receipt)
    db.session.flush()
    for position, (one, outcome) in enumerate(zip(found, decision.outcomes, strict=True)):
        db.session.add(_row(receipt, position, one, outcome))
    db.session.flush()
    winner = None if decision.winner is None else found[decision.winner].link
    if rule is None:
        _set_winner(order, winner)
    return receipt, winner


def count_amounts(order: Order, currency: str | None) -> None:
    """Put the revenue of an order, and what refunds took of it, into the campaign's currency, by
    the rate that it was counted by before, or the one that the sponsor states now."""
    if currency is None:
        order.counted_currency = order.rate = order.revenue_amount = order.refund_amount = None
        return
    if order.counted_currency != currency or order.rate is None:
        order.counted_currency = currency
        order.rate = _rate(order, currency)
    if order.rate is None:
        order.revenue_amount = order.refund_amount = None
        return
    kept = kept_revenue(order.net_amount, order.total_amount, order.given_back_amount)
    rate = Decimal(order.rate)
    revenue = convert(order.net_amount, order.currency, currency, rate)
    if revenue > MAX_AMOUNT:
        # No order is worth so much: the rate is wrong, and the order waits for another.
        order.rate = order.revenue_amount = order.refund_amount = None
        return
    order.revenue_amount = revenue
    order.refund_amount = revenue - convert(kept, order.currency, currency, rate)


def _hold_agreements(links: Sequence[TrackingLink]) -> None:
    """Lock the agreements that a receipt names, in the order of their ids: a row that points at
    one holds it a little, and paying would have to wait for others that do the same."""
    ids = {link.ad_request_id for link in links} - {None}
    if ids:
        held = select(AdRequest.id).where(AdRequest.id.in_(ids)).order_by(AdRequest.id)
        db.session.execute(held.with_for_update())


def _set_winner(order: Order, link: TrackingLink | None) -> None:
    order.link_id = link.id if link else None
    order.influencer_id = link.influencer_id if link else None
    order.ad_request_id = link.ad_request_id if link else None
    order.campaign_id = link.campaign_id if link else None
    campaign = link.campaign if link else None
    count_amounts(order, campaign.currency if campaign else None)
    order.touch()
    db.session.flush()


def _rate(order: Order, currency: str) -> str | None:
    if order.currency == currency:
        return "1"
    stated = db.session.get(ExchangeRate, (order.sponsor_id, order.currency, currency))
    return stated.rate if stated else None


def _last_number(order_id: str) -> int:
    found = db.session.scalar(select(func.max(Receipt.number)).where(Receipt.order_id == order_id))
    return found or 0


def _row(receipt: Receipt, position: int, one: Found, outcome: TouchOutcome) -> ReceiptTouch:
    return ReceiptTouch(
        receipt_id=receipt.id,
        position=position,
        order_id=receipt.order_id,
        kind=one.touch.kind,
        at=one.touch.at,
        outcome=outcome,
        link_id=one.link.id,
        influencer_id=one.link.influencer_id,
        ad_request_id=one.link.ad_request_id,
        campaign_id=one.link.campaign_id,
        coupon=one.coupon,
    )


# --- finding touches ----------------------------------------------------------------------------


def _touches_of(order: Order) -> tuple[list[Found], int]:
    """The touches of an order, the earliest first, coupons last; and how many were left out."""
    clicks, left_out = _clicks_of(order)
    return [*clicks, *_coupons_of(order)], left_out


def _clicks_of(order: Order) -> tuple[list[Found], int]:
    key = click_ids.key_of(settings().secret_key)
    named = click_ids.read(key, order.click_id) if order.click_id else None
    if named is None:
        return [], 0
    doubt = TouchOutcome.DOUBTED if order.click_doubted else None
    rows, left_out = _counted_clicks(order, named)
    found = [
        Found(_click(link, click.at, order.ordered_at, doubt or _BARRED.get(click.reason)), link)
        for click, link in rows
    ]
    if not any(link.id == named.link_id and click.at == named.at for click, link in rows):
        # It is not among the rows yet: the log is read each few seconds.
        link = db.session.scalar(
            _links().where(
                TrackingLink.id == named.link_id, TrackingLink.sponsor_id == order.sponsor_id
            )
        )
        if link is not None:
            found.append(Found(_click(link, named.at, order.ordered_at, doubt), link))
    return sorted(found, key=lambda one: one.touch.at), left_out


def _counted_clicks(
    order: Order, named: click_ids.ClickId
) -> tuple[Sequence[tuple[Click, TrackingLink]], int]:
    conditions = (
        Click.visitor == named.visitor,
        Click.at >= order.ordered_at - LONGEST_WINDOW,
        Click.at <= order.ordered_at + CLOCKS_DIFFER,
        TrackingLink.sponsor_id == order.sponsor_id,
    )
    statement = (
        select(Click, TrackingLink)
        .join(TrackingLink, TrackingLink.id == Click.link_id)
        .where(*conditions)
        .options(*_WITH_RULE)
    )
    first = _pairs(statement.order_by(Click.at, Click.id).limit(2 * MOST_OF_AN_END + 1))
    if len(first) <= 2 * MOST_OF_AN_END:
        return first, 0
    last = _pairs(statement.order_by(Click.at.desc(), Click.id.desc()).limit(MOST_OF_AN_END))
    count = select(func.count()).select_from(Click).join(TrackingLink).where(*conditions)
    left_out = (db.session.scalar(count) or 0) - 2 * MOST_OF_AN_END
    return [*first[:MOST_OF_AN_END], *last[::-1]], left_out


def _pairs(
    statement: Select[Click, TrackingLink],
) -> list[tuple[Click, TrackingLink]]:
    return [(click, link) for click, link in db.session.execute(statement)]


def _coupons_of(order: Order) -> list[Found]:
    wanted = list(dict.fromkeys(fold_coupon(coupon) for coupon in order.coupons))
    if not wanted:
        return []
    rows = db.session.execute(
        select(CouponCode, TrackingLink)
        .join(TrackingLink, TrackingLink.id == CouponCode.link_id)
        .where(CouponCode.sponsor_id == order.sponsor_id, CouponCode.code.in_(wanted))
        .options(*_WITH_RULE)
    ).all()
    known = {code.code: (code, link) for code, link in rows}
    return [
        Found(_coupon(*known[code], order.ordered_at), known[code][1], code)
        for code in wanted
        if code in known
    ]


_WITH_RULE = (
    joinedload(TrackingLink.ad_request),
    joinedload(TrackingLink.campaign),
)


def _links() -> Select[TrackingLink]:
    return select(TrackingLink).options(*_WITH_RULE)


def _click(
    link: TrackingLink, at: datetime, ordered_at: datetime, barred: TouchOutcome | None
) -> Touch:
    return Touch(
        kind=TouchKind.CLICK,
        at=at,
        rule=_rule_of(link),
        barred=barred or _barred_by(link.ad_request, ordered_at),
    )


def _coupon(code: CouponCode, link: TrackingLink, ordered_at: datetime) -> Touch:
    ended = None if code.active else TouchOutcome.LINK_ENDED
    return Touch(
        kind=TouchKind.COUPON,
        at=ordered_at,
        rule=_rule_of(link),
        barred=ended or _barred_by(link.ad_request, ordered_at),
    )


def _rule_of(link: TrackingLink) -> Rule:
    """What was agreed; before that, and for a link without an agreement, its campaign's rule."""
    for holder in (link.ad_request, link.campaign):
        if holder is not None and holder.attribution_touch is not None:
            assert holder.attribution_window_days is not None
            assert holder.coupon_beats_link is not None
            return Rule(
                holder.attribution_touch,
                holder.attribution_window_days,
                holder.coupon_beats_link,
            )
    return Rule()


def _barred_by(ad_request: AdRequest | None, ordered_at: datetime) -> TouchOutcome | None:
    """Orders count from the acceptance on, and after the end of what was carried out for as long
    as the window is."""
    if ad_request is None:
        return None
    begun = ad_request.accepted_at
    if begun is None or ordered_at < begun - CLOCKS_DIFFER:
        return TouchOutcome.BEFORE_AGREEMENT
    if ad_request.closed_at is None:
        return None
    done = ad_request.status is AdRequestStatus.COMPLETED
    window = timedelta(days=ad_request.attribution_window_days or 0) if done else timedelta()
    return TouchOutcome.AGREEMENT_ENDED if ordered_at > ad_request.closed_at + window else None
