"""What becomes of an order: recorded once, credited to one, paid once, taken back with refunds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.ad_requests import deadlines
from app.attribution import exchange_rates, orders, receipts
from app.attribution.click_rules import Reason
from app.attribution.commissions import Withheld
from app.attribution.exchange_rates import Rate
from app.attribution.order_facts import OrderSourceKind
from app.attribution.orders import Outcome
from app.attribution.settling import REFUND_DAYS
from app.attribution.touches import Rule
from app.campaigns.lifecycle import AttributionTouch
from app.core.clock import now, shifted
from app.core.errors import NotFound, RefusedTransition
from app.identity.models import Influencer
from tests.factories.ad_requests import World, advance, agree, check_money, kept, make_world
from tests.factories.ad_requests import reload as reload_agreement
from tests.factories.identity import SignedIn, make_influencer
from tests.factories.orders import (
    ago,
    click_id,
    commission,
    fact,
    make_click,
    make_coupon,
    make_link,
    reload,
    tell,
)

pytestmark = pytest.mark.usefixtures("app")

CAP = 50_000
# 8 % of 80.00
PAID = 640


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def agreement(world):
    return agree(world, cap=CAP)


def second(world: World, **terms) -> World:
    """Another influencer of the same sponsor, in a campaign of the same sponsor."""
    return World(world.sponsor, make_influencer(), world.admin, world.campaign)


def outcomes(order) -> list[str]:
    """What became of the touches by the receipt that decides."""
    [receipt] = [receipt for receipt in reload(order).receipts if receipt.decides]
    return [touch.outcome.value for touch in receipt.touches]


# --- recorded once ------------------------------------------------------------------------------


def test_an_order_through_a_link_pays_its_commission_on_net_revenue(world, agreement):
    link = make_link(world, agreement)
    clicked = make_click(link, ago(days=2))
    taken = tell(world.sponsor, fact(click_id=clicked))
    assert taken.outcome is Outcome.RECORDED
    order = reload(taken.order)
    assert (order.influencer_id, order.ad_request_id) == (link.influencer_id, agreement.id)
    assert (order.revenue.amount, order.refund.amount) == (8_000, 0)
    assert order.commission.paid.amount == PAID
    assert order.commission.withheld is None
    assert outcomes(order) == ["won"]
    row = check_money(world, agreement)
    assert row.commission_paid_amount == PAID
    assert row.released_amount == PAID


def test_the_same_order_told_again_changes_nothing_and_pays_once(world, agreement):
    told = fact(click_id=click_id(make_link(world, agreement), ago(days=1)))
    first = tell(world.sponsor, told)
    for kind in (OrderSourceKind.ACCORD, OrderSourceKind.CSV, OrderSourceKind.SCRIPT):
        again = tell(world.sponsor, told, kind)
        assert (again.outcome, again.order.id) == (Outcome.UNCHANGED, first.order.id)
    assert check_money(world, agreement).commission_paid_amount == PAID
    assert len(reload(first.order).receipts) == 1


def test_another_total_under_the_same_number_changes_nothing(world, agreement):
    told = fact(external_id="7", click_id=click_id(make_link(world, agreement), ago(days=1)))
    tell(world.sponsor, told)
    for change in ({"total": 20_000}, {"currency": "USD"}):
        other = tell(world.sponsor, fact(external_id="7", **change))
        assert other.outcome is Outcome.DIFFERS
        assert reload(other.order).total_amount == 10_000
    assert check_money(world, agreement).commission_paid_amount == PAID


def test_two_sponsors_may_number_alike(world):
    other = make_world()
    first, second_ = (
        tell(world.sponsor, fact(external_id="1")),
        tell(other.sponsor, fact(external_id="1")),
    )
    assert first.order.id != second_.order.id


def test_an_order_that_was_never_paid_is_passed_over(world):
    taken = tell(world.sponsor, fact(refunded=10_000, only_known=True))
    assert (taken.order, taken.outcome) == (None, Outcome.PASSED_OVER)


# --- credited -----------------------------------------------------------------------------------


def test_an_order_without_a_touch_is_credited_to_nobody(world, agreement):
    for told in (fact(), fact(click_id="x" * 85, coupons=("NOBODY",))):
        order = tell(world.sponsor, told).order
        assert order.link_id is None
        assert commission(order).withheld is Withheld.UNATTRIBUTED
    assert check_money(world, agreement).released_amount == 0


def test_all_clicks_of_the_visitor_stand_on_the_receipt(world, agreement):
    other = second(world)
    their_link = make_link(other, agree(other, cap=CAP))
    own = make_link(world, agreement)
    make_click(own, ago(days=40))
    make_click(own, ago(days=5))
    make_click(own, ago(days=4), reason=Reason.BOT)
    make_click(own, ago(days=4), visitor="somebodyelse1234")
    make_click(make_link(make_world()), ago(days=3))
    last = make_click(their_link, ago(days=1), reason=Reason.DUPLICATE)
    make_click(own, ago(hours=1), reason=Reason.OWN_TEAM)
    order = tell(world.sponsor, fact(click_id=last)).order
    assert outcomes(order) == ["outside_window", "earlier", "bot", "won", "own_team"]
    assert order.influencer_id == other.influencer.influencer_id


def test_a_click_counts_before_the_log_was_read(world, agreement):
    link = make_link(world, agreement)
    make_click(link, ago(days=3))
    order = tell(world.sponsor, fact(click_id=click_id(link, ago(seconds=5)))).order
    assert outcomes(order) == ["earlier", "won"]


def test_a_forged_click_id_brings_nobody_anything(world, agreement):
    real = click_id(make_link(world, agreement), ago(days=1))
    for forged in (
        real[:-1] + ("0" if real[-1] != "0" else "1"),
        real.upper(),
        real + "0",
        "ü" * 85,
    ):
        assert tell(world.sponsor, fact(click_id=forged)).order.link_id is None


def test_a_link_of_another_sponsor_brings_nothing_here(world, agreement):
    elsewhere = make_world()
    link = make_link(elsewhere, agree(elsewhere, cap=CAP))
    assert tell(world.sponsor, fact(click_id=make_click(link, ago(days=1)))).order.link_id is None


def test_a_coupon_beats_a_link_or_the_other_way_as_agreed(world, agreement):
    own = make_link(world, agreement)
    make_coupon(own, "LAN10")
    other = World(
        world.sponsor,
        make_influencer(),
        world.admin,
        make_world().campaign,
    )
    link = make_link(other)
    order = tell(
        world.sponsor, fact(click_id=make_click(link, ago(days=1)), coupons=(" lan 10", "lan10"))
    ).order
    assert outcomes(order) == ["coupon_beats_link", "won"]
    assert order.influencer_id == world.influencer.influencer_id
    strict = make_world(coupon_beats_link=False)
    theirs = make_link(strict, agree(strict, cap=CAP))
    make_coupon(theirs, "TEA")
    clicked = make_click(theirs, ago(days=1))
    order = tell(strict.sponsor, fact(click_id=clicked, coupons=("TEA",))).order
    assert outcomes(order) == ["won", "link_beats_coupon"]


def test_an_inactive_coupon_brings_nothing(world, agreement):
    make_coupon(make_link(world, agreement), "OLD", active=False)
    order = tell(world.sponsor, fact(coupons=("old",))).order
    assert order.link_id is None
    assert outcomes(order) == ["link_ended"]


def test_a_link_without_an_agreement_is_credited_and_earns_nothing(world):
    order = tell(world.sponsor, fact(click_id=make_click(make_link(world), ago(days=1)))).order
    assert order.influencer_id == world.influencer.influencer_id
    assert commission(order).withheld is Withheld.NO_AGREEMENT


def test_one_order_pays_once_whatever_campaigns_its_visitor_touched(world, agreement):
    other = second(world)
    theirs = agree(other, cap=CAP)
    make_click(make_link(world, agreement), ago(days=3))
    last = make_click(make_link(other, theirs), ago(days=1))
    told = fact(click_id=last)
    for kind in (OrderSourceKind.SHOPIFY, OrderSourceKind.ACCORD, OrderSourceKind.CSV):
        tell(world.sponsor, told, kind)
    paid = [reload_agreement(one).commission_paid_amount for one in (agreement, theirs)]
    assert paid == [0, PAID]


def test_the_clicks_between_first_and_last_may_be_left_out(world, agreement, monkeypatch):
    monkeypatch.setattr("app.attribution.crediting.MOST_OF_AN_END", 2)
    link = make_link(world, agreement)
    clicks = [make_click(link, ago(hours=hours)) for hours in range(9, 0, -1)]
    order = reload(tell(world.sponsor, fact(click_id=clicks[-1])).order)
    [receipt] = order.receipts
    assert receipt.left_out == 5
    assert outcomes(order) == ["earlier"] * 3 + ["won"]


# --- verified -----------------------------------------------------------------------------------


def test_what_a_page_says_earns_nothing_until_the_sponsor_confirms_it(world, agreement):
    told = fact(click_id=click_id(make_link(world, agreement), ago(days=1)))
    order = tell(world.sponsor, told, OrderSourceKind.SCRIPT).order
    entry = commission(order)
    assert (entry.due_amount, entry.paid_amount) == (PAID, 0)
    assert entry.withheld is Withheld.UNVERIFIED
    assert check_money(world, agreement).released_amount == 0
    kept(lambda: orders.confirm(world.sponsor.actor, order_id=order.id))
    assert commission(order).paid_amount == PAID
    assert reload(order).verified_by == world.sponsor.user_id
    with pytest.raises(RefusedTransition):
        kept(lambda: orders.confirm(world.sponsor.actor, order_id=order.id))
    stranger = make_world().sponsor.actor
    with pytest.raises(NotFound):
        kept(lambda: orders.confirm(stranger, order_id=order.id))
    assert check_money(world, agreement).commission_paid_amount == PAID


@pytest.mark.parametrize("kind", [OrderSourceKind.ACCORD, OrderSourceKind.CSV])
def test_the_shop_confirms_what_its_page_said(world, agreement, kind):
    clicked = click_id(make_link(world, agreement), ago(days=1))
    told = fact(external_id="5", click_id=clicked, net=None)
    tell(world.sponsor, told, OrderSourceKind.SCRIPT)
    taken = tell(world.sponsor, fact(external_id="5"), kind)
    assert taken.outcome is Outcome.CHANGED
    order = reload(taken.order)
    assert (order.verified_by, order.touched_by) == (kind.value, OrderSourceKind.SCRIPT)
    assert order.net_amount == 8_000
    assert order.commission.paid_amount == PAID
    assert [receipt.decides for receipt in order.receipts] == [False, True]


def test_a_page_that_named_another_total_brings_nobody_anything(world, agreement):
    clicked = click_id(make_link(world, agreement), ago(days=1))
    tell(
        world.sponsor,
        fact(external_id="5", click_id=clicked, total=9_999, coupons=("X",)),
        OrderSourceKind.SCRIPT,
    )
    order = tell(world.sponsor, fact(external_id="5")).order
    assert order.link_id is None
    assert outcomes(order) == ["doubted"]
    assert commission(order).paid_amount == 0


def test_what_the_shop_names_itself_comes_before_what_its_page_named(world, agreement):
    other = second(world)
    theirs = make_link(other, agree(other, cap=CAP))
    wrong = click_id(theirs, ago(hours=1), visitor="thief00000000000")
    tell(world.sponsor, fact(external_id="5", click_id=wrong), OrderSourceKind.SCRIPT)
    right = click_id(make_link(world, agreement), ago(days=1))
    order = tell(world.sponsor, fact(external_id="5", click_id=right)).order
    assert order.influencer_id == world.influencer.influencer_id


def test_a_page_may_tell_who_brought_an_order_that_the_shop_told_first(world, agreement):
    clicked = click_id(make_link(world, agreement), ago(days=1))
    order = tell(world.sponsor, fact(external_id="5")).order
    wrong_total = fact(external_id="5", click_id=clicked, total=10_001)
    assert tell(world.sponsor, wrong_total, OrderSourceKind.SCRIPT).outcome is Outcome.UNCHANGED
    page = fact(external_id="5", click_id=clicked)
    assert tell(world.sponsor, page, OrderSourceKind.SCRIPT).outcome is Outcome.CHANGED
    assert commission(order).paid_amount == PAID
    late = tell(world.sponsor, fact(external_id="6", ordered_at=ago(hours=2))).order
    tell(world.sponsor, fact(external_id="6", click_id=clicked), OrderSourceKind.SCRIPT)
    assert reload(late).link_id is None


# --- refunds ------------------------------------------------------------------------------------


def test_refunds_take_back_their_part_of_the_commission(world, agreement):
    clicked = click_id(make_link(world, agreement), ago(days=1))
    order = tell(world.sponsor, fact(external_id="5", click_id=clicked)).order
    half = tell(world.sponsor, fact(external_id="5", refunded=2_500))
    assert half.outcome is Outcome.CHANGED
    entry = commission(order)
    assert (entry.paid_amount, entry.taken_back_amount) == (PAID, 160)
    assert reload(order).refund.amount == 2_000
    # An older message that arrives late, and the same again.
    for refunded in (1_000, 2_500, 0):
        again = tell(world.sponsor, fact(external_id="5", refunded=refunded))
        assert again.outcome is Outcome.UNCHANGED
    tell(world.sponsor, fact(external_id="5", refunded=10_000))
    entry = commission(order)
    assert (entry.paid_amount, entry.taken_back_amount) == (PAID, PAID)
    assert reload(order).status.value == "refunded"
    row = reload_agreement(agreement)
    assert row.commission_returned_amount == PAID
    assert row.released_amount == 0


def test_an_order_that_arrives_refunded_pays_for_what_is_left(world, agreement):
    clicked = click_id(make_link(world, agreement), ago(days=1))
    part = tell(world.sponsor, fact(click_id=clicked, refunded=5_000)).order
    assert commission(part).paid_amount == PAID // 2
    whole = tell(world.sponsor, fact(click_id=clicked, refunded=10_000)).order
    assert (commission(whole).paid_amount, commission(whole).withheld) == (0, Withheld.REFUNDED)


def test_a_refund_after_the_hold_period_is_owed(world, agreement):
    clicked = click_id(make_link(world, agreement), ago(days=1))
    order = tell(world.sponsor, fact(external_id="5", click_id=clicked)).order
    with shifted(timedelta(days=20)):
        tell(world.sponsor, fact(external_id="5", refunded=10_000))
    assert commission(order).taken_back_amount == PAID


def test_a_refund_long_after_the_commission_was_paid_takes_none_of_it_back(world, agreement):
    clicked = click_id(make_link(world, agreement), ago(days=1))
    told = fact(external_id="5", click_id=clicked)
    order = tell(world.sponsor, told).order
    with shifted(timedelta(days=REFUND_DAYS.default - 1)):
        tell(world.sponsor, replace(told, refunded=2_500))
    with shifted(timedelta(days=REFUND_DAYS.default + 1)):
        late = tell(world.sponsor, replace(told, refunded=10_000))
        assert late.outcome is Outcome.CHANGED
        tell(world.sponsor, replace(told, cancelled=True))
    row = reload(order)
    assert (row.status.value, row.refund.amount) == ("refunded", 8_000)
    assert (row.commission.due_amount, row.commission.taken_back_amount) == (0, 160)
    assert row.commission.kept_late.amount == PAID - 160
    assert check_money(world, agreement).commission_returned_amount == 160
    shown = SignedIn(world.influencer).get(f"/influencer/orders/{row.id}").json["commission"]
    assert shown["kept_late"] == {"amount": 480, "currency": "EUR"}


def test_how_long_refunds_take_commissions_back_is_a_setting(world, agreement):
    kept(lambda: REFUND_DAYS.set(world.admin.actor, 730))
    clicked = click_id(make_link(world, agreement), ago(days=1))
    order = tell(world.sponsor, fact(external_id="5", click_id=clicked)).order
    with shifted(timedelta(days=700)):
        tell(world.sponsor, fact(external_id="5", refunded=10_000))
    assert commission(order).taken_back_amount == PAID


# --- what limits a commission -------------------------------------------------------------------


def test_the_cap_limits_what_is_paid(world):
    small = agree(world, cap=1_000)
    clicked = click_id(make_link(world, small), ago(days=1))
    paid = [commission(tell(world.sponsor, fact(click_id=clicked)).order) for _ in range(3)]
    assert [entry.paid_amount for entry in paid] == [PAID, 1_000 - PAID, 0]
    assert [entry.withheld for entry in paid] == [None, Withheld.CAP, Withheld.CAP]
    assert check_money(world, small).commission_left == 0


def test_an_agreement_without_a_commission_pays_none(world):
    plain = agree(world)
    order = tell(world.sponsor, fact(click_id=click_id(make_link(world, plain), ago(days=1)))).order
    assert order.ad_request_id == plain.id
    assert commission(order).withheld is Withheld.NO_COMMISSION


def test_orders_count_until_the_window_after_the_end_closes(world, agreement):
    link = make_link(world, agreement)
    advance(world, agreement, "completed")
    within = tell(world.sponsor, fact(click_id=click_id(link, ago(days=1)))).order
    assert commission(within).paid_amount == PAID
    with shifted(timedelta(days=31)):
        late = tell(world.sponsor, fact(click_id=click_id(link, ago(hours=1)))).order
        assert late.link_id is None
        assert outcomes(late) == ["agreement_ended"]


def test_an_order_of_the_last_day_is_paid_though_it_is_told_days_later(world, agreement):
    link = make_link(world, agreement)
    advance(world, agreement, "completed")
    with shifted(timedelta(days=29)):
        told = fact(click_id=click_id(link, ago(hours=1)))
    with shifted(timedelta(days=32)):
        deadlines.enforce()
        assert commission(tell(world.sponsor, told).order).paid_amount == PAID
        check_money(world, agreement)


def test_a_cancelled_agreement_is_credited_with_nothing_more(world, agreement):
    link = make_link(world, agreement)
    advance(world, agreement, "cancelled")
    order = tell(world.sponsor, fact(click_id=click_id(link, ago(hours=1)))).order
    assert outcomes(order) == ["agreement_ended"]


def test_after_the_end_it_is_the_date_and_not_the_job_that_closes_the_cap(world, agreement):
    link = make_link(world, agreement)
    advance(world, agreement, "completed")
    told = fact(click_id=click_id(link, ago(hours=1)))
    with shifted(reload_agreement(agreement).commission_until - now()):
        late = tell(world.sponsor, told).order
        assert commission(late).withheld is Withheld.CLOSED


# --- currencies ---------------------------------------------------------------------------------


def test_an_order_in_another_currency_waits_for_the_sponsors_rate(world, agreement):
    clicked = click_id(make_link(world, agreement), ago(days=1))
    told = fact(external_id="5", click_id=clicked, currency="USD")
    order = tell(world.sponsor, told).order
    assert (order.counted_currency, order.revenue) == ("EUR", None)
    assert commission(order).withheld is Withheld.NO_RATE
    actor = world.sponsor.actor
    kept(lambda: exchange_rates.state(actor, rates=[Rate("USD", "EUR", "0.5")]))
    assert exchange_rates.count_waiting(world.sponsor.sponsor_id) == 1
    assert exchange_rates.count_waiting(world.sponsor.sponsor_id) == 0
    assert commission(order).paid_amount == PAID // 2
    # A later rate is for later orders: the refund is counted by the rate of its order.
    kept(lambda: exchange_rates.state(actor, rates=[Rate("USD", "EUR", "0.9")]))
    tell(world.sponsor, fact(external_id="5", currency="USD", refunded=5_000))
    assert reload(order).rate == "0.5"
    assert commission(order).taken_back_amount == PAID // 4
    later = tell(world.sponsor, fact(click_id=clicked, currency="USD")).order
    assert commission(later).paid_amount == 576


def test_a_rate_that_makes_an_order_impossibly_large_is_none(world, agreement):
    actor = world.sponsor.actor
    kept(lambda: exchange_rates.state(actor, rates=[Rate("JPY", "EUR", "1000000")]))
    clicked = click_id(make_link(world, agreement), ago(days=1))
    told = fact(click_id=clicked, currency="JPY", total=10**12, net=10**12)
    order = tell(world.sponsor, told).order
    assert (order.rate, order.revenue) == (None, None)
    assert commission(order).withheld is Withheld.NO_RATE
    assert exchange_rates.count_waiting(world.sponsor.sponsor_id) == 0
    tell(world.sponsor, replace(told, refunded=10**12))
    kept(lambda: exchange_rates.state(actor, rates=[Rate("JPY", "EUR", "0.006")]))
    assert exchange_rates.count_waiting(world.sponsor.sponsor_id) == 1
    assert reload(order).revenue.amount == 600_000_000_000


def test_an_order_that_cannot_be_counted_holds_up_none_behind_it(world, agreement, monkeypatch):
    clicked = click_id(make_link(world, agreement), ago(days=1))
    first, second_ = (
        tell(world.sponsor, fact(click_id=clicked, currency="USD")).order.id for _ in range(2)
    )
    rates = [Rate("USD", "EUR", "0.5")]
    kept(lambda: exchange_rates.state(world.sponsor.actor, rates=rates))
    settle_again = orders.settle_again

    def broken(order_id: str) -> bool:
        if order_id == first:
            raise OverflowError
        return settle_again(order_id)

    monkeypatch.setattr(orders, "settle_again", broken)
    assert exchange_rates.count_waiting(world.sponsor.sponsor_id) == 1
    assert commission(second_).paid_amount == PAID // 2
    assert commission(first).withheld is Withheld.NO_RATE


# --- replays ------------------------------------------------------------------------------------


def test_a_replay_adds_a_receipt_and_changes_nothing_that_was_paid(world, agreement):
    other = second(world)
    theirs = agree(other, cap=CAP)
    make_click(make_link(other, theirs), ago(days=9))
    last = make_click(make_link(world, agreement), ago(days=1))
    order = tell(world.sponsor, fact(click_id=last)).order
    rule = Rule(touch=AttributionTouch.FIRST, window_days=60)
    made = kept(lambda: receipts.replay(world.sponsor.actor, order_id=order.id, rule=rule))
    assert [touch.outcome.value for touch in made.touches] == ["won", "later"]
    assert made.touches[0].influencer_id == other.influencer.influencer_id
    assert isinstance(made.touches[0].influencer, Influencer)
    again = kept(lambda: receipts.replay(world.sponsor.actor, order_id=order.id, rule=rule))
    assert again.id == made.id
    after = reload(order)
    assert after.influencer_id == world.influencer.influencer_id
    assert [(one.decides, one.is_replay) for one in after.receipts] == [
        (True, False),
        (False, True),
    ]
    assert after.commission.paid_amount == PAID
    assert reload_agreement(theirs).commission_paid_amount == 0
    stranger = make_world().sponsor.actor
    with pytest.raises(NotFound):
        kept(lambda: receipts.replay(stranger, order_id=order.id, rule=rule))


def test_an_order_from_before_the_agreement_is_not_its_work(world, agreement):
    link = make_link(world, agreement)
    make_coupon(link, "LAN10")
    told = fact(ordered_at=ago(days=1), click_id=click_id(link, ago(days=2)), coupons=("LAN10",))
    order = tell(world.sponsor, told).order
    assert outcomes(order) == ["before_agreement", "before_agreement"]
