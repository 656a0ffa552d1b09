"""Every state × event × side of both lifecycles, through the services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.ad_requests import service
from app.ad_requests.lifecycle import (
    AD_REQUEST,
    DELIVERABLE,
    AdRequestEvent,
    AdRequestStatus,
    DeliverableEvent,
    DeliverableStatus,
)
from app.ad_requests.models import AdRequest
from app.core.transaction import unit_of_work
from tests.ad_requests.trial import outcome
from tests.factories.ad_requests import (
    URL,
    World,
    accept,
    advance,
    agree,
    counter,
    current_hash,
    document,
    make_terms,
    make_world,
    propose,
    reload,
)

SIDES = ("sponsor", "influencer", "admin")
EVENTS = ("accept", "counter", "reject", "withdraw", "extend", "cancel")


def ended(world: World, how: str) -> AdRequest:
    made = propose(world)
    side, act = {
        "rejected": ("influencer", service.reject),
        "withdrawn": ("sponsor", service.withdraw),
    }[how]
    actor = world.side(side).actor
    return unit_of_work(lambda: act(actor, ad_request_id=made.id))


def consented(world: World) -> AdRequest:
    return accept(world, propose(world, "assignment"), "sponsor")


def completed(world: World) -> AdRequest:
    made = agree(world)
    advance(world, made, "completed")
    return made


def cancelled(world: World) -> AdRequest:
    made = agree(world)
    advance(world, made, "cancelled")
    return made


# What each side may do: the events in order, as the state that follows or the problem.
NO = "refused-transition"
_NOTHING = (NO,) * 6
_ANSWERER = ("active", "negotiating", "rejected", "not-your-turn", "{same}", NO)
_MAKER = ("own-offer", "negotiating", "own-offer", "withdrawn", "{same}", NO)
_STARTER_WHO_ANSWERS = ("active", "negotiating", "rejected", "withdrawn", "{same}", NO)
_OTHER_MAKER = ("own-offer", "negotiating", "own-offer", "withdrawn", "{same}", NO)
TABLE: dict[str, tuple[Callable[[World], AdRequest], str, dict[str, tuple[str, ...]]]] = {
    "invitation": (
        lambda world: propose(world),
        "proposed",
        {"sponsor": _MAKER, "influencer": _ANSWERER},
    ),
    "application": (
        lambda world: propose(world, "application"),
        "proposed",
        {"sponsor": _ANSWERER, "influencer": _MAKER},
    ),
    "assignment": (
        lambda world: propose(world, "assignment"),
        "proposed",
        {
            "sponsor": ("proposed", "negotiating", "rejected", "not-your-turn", "proposed", NO),
            "influencer": (
                "awaiting-consent",
                "awaiting-consent",
                "awaiting-consent",
                "not-your-turn",
                "awaiting-consent",
                NO,
            ),
            "admin": ("", "", "", "withdrawn", "", ""),
        },
    ),
    "assignment with consent": (
        consented,
        "proposed",
        {
            "sponsor": _MAKER,
            "influencer": _ANSWERER,
            "admin": ("", "", "", "withdrawn", "", ""),
        },
    ),
    "negotiating, countered by the influencer": (
        lambda world: counter(world, propose(world), "influencer", fee=90_000),
        "negotiating",
        {"sponsor": _STARTER_WHO_ANSWERS, "influencer": _OTHER_MAKER},
    ),
    "negotiating, revised by its maker": (
        lambda world: counter(world, propose(world), "sponsor", fee=110_000),
        "negotiating",
        {"sponsor": _MAKER, "influencer": _ANSWERER},
    ),
    "active": (
        agree,
        "active",
        {
            "sponsor": (NO, NO, NO, NO, "nothing-to-extend", "active"),
            "influencer": (NO, NO, NO, NO, "nothing-to-extend", "cancelled"),
        },
    ),
    "completed": (completed, "completed", {"sponsor": _NOTHING, "influencer": _NOTHING}),
    "cancelled": (cancelled, "cancelled", {"sponsor": _NOTHING, "influencer": _NOTHING}),
    "rejected": (
        lambda world: ended(world, "rejected"),
        "rejected",
        {"sponsor": _NOTHING, "influencer": _NOTHING, "admin": ("", "", "", NO, "", "")},
    ),
    "withdrawn": (
        lambda world: ended(world, "withdrawn"),
        "withdrawn",
        {"sponsor": _NOTHING, "influencer": _NOTHING},
    ),
}


def try_event(world: World, made: AdRequest, side: str, event: str) -> str:
    """The state that follows, or the type of the problem."""
    actor = world.side(side).actor
    values: dict[str, Any] = {
        "accept": {"offer_hash": current_hash(made)},
        "counter": {"offer": make_terms(95_000)},
        "cancel": {"reason": "It does not fit."},
    }.get(event, {})
    act = getattr(service, event)
    # The status is read inside: what is rolled back says afterwards what it was before.
    found: str = outcome(lambda: act(actor, ad_request_id=made.id, **values).status.value)
    return found


@pytest.mark.parametrize("name", TABLE)
def test_an_ad_request_takes_what_its_table_says_and_nothing_else(app, name):
    make, status, expected = TABLE[name]
    world = make_world()
    made = make(world)
    assert reload(made).status.value == status
    for side, row in expected.items():
        for event, wanted in zip(EVENTS, row, strict=True):
            if wanted:
                got = try_event(world, made, side, event)
                assert (side, event, got) == (side, event, wanted.format(same=status))


@pytest.mark.parametrize("name", TABLE)
def test_the_actions_of_a_document_are_those_that_would_work(app, name):
    make, _, expected = TABLE[name]
    world = make_world()
    made = make(world)
    for side in expected.keys() & {"sponsor", "influencer"}:
        offered = set(document(world.side(side), made)["actions"]) & set(EVENTS)
        works = {
            event
            for event in EVENTS
            if try_event(world, made, side, event) in list(AdRequestStatus)
        }
        assert (side, offered) == (side, works)


# --- deliverables -------------------------------------------------------------------------------

DELIVERABLE_ACTS: dict[str, dict[str, Any]] = {
    "submit": {"text": "A draft"},
    "approve": {},
    "request_changes": {},
    "publish": {"url": URL},
    "confirm": {},
    "extend": {},
    "cancel": {"reason": "It does not fit."},
    "dispute": {"reason": "It went wrong."},
}
TURN = "not-your-turn"
# The influencer's row, then the sponsor's, by the order of DELIVERABLE_ACTS.
DELIVERABLE_TABLE: dict[str, dict[str, tuple[str, ...]]] = {
    "due": {
        "influencer": ("in_review", NO, NO, NO, NO, NO, "cancelled", "disputed"),
        "sponsor": (TURN, NO, NO, NO, NO, NO, "due", "disputed"),
    },
    "in_review": {
        "influencer": (NO, TURN, TURN, NO, NO, TURN, "cancelled", "disputed"),
        "sponsor": (NO, "approved", "due", NO, NO, "in_review", "in_review", "disputed"),
    },
    "approved": {
        "influencer": (NO, NO, NO, "published", NO, NO, "cancelled", "disputed"),
        "sponsor": (NO, NO, NO, TURN, NO, NO, "approved", "disputed"),
    },
    "published": {
        "influencer": (NO, NO, NO, NO, TURN, NO, NO, "disputed"),
        "sponsor": (NO, NO, NO, NO, "completed", NO, NO, "disputed"),
    },
    "disputed": {"influencer": (NO,) * 8, "sponsor": (NO,) * 8},
    "completed": {
        "influencer": (NO,) * 7 + ("disputed",),
        "sponsor": (NO,) * 7 + ("disputed",),
    },
    "cancelled": {"influencer": (NO,) * 8, "sponsor": (NO,) * 8},
}


def try_deliverable(world: World, made: AdRequest, side: str, event: str) -> str:
    actor, part = world.side(side).actor, reload(made).deliverables[0]
    act, values = getattr(service, event), DELIVERABLE_ACTS[event]

    def work() -> str:
        act(actor, ad_request_id=made.id, deliverable_id=part.id, **values)
        return service.get_for(actor, made.id).deliverables[0].status.value

    found: str = outcome(work)
    return found


@pytest.mark.parametrize("status", DELIVERABLE_TABLE)
def test_a_deliverable_takes_what_its_table_says_and_nothing_else(app, status):
    # A second deliverable keeps the ad request active throughout.
    world = make_world()
    made = agree(world, parts=(("Reel", 60, 10), ("Story", 40, 20)))
    if status != "due":
        advance(world, made, status)
    for side, row in DELIVERABLE_TABLE[status].items():
        for event, wanted in zip(DELIVERABLE_ACTS, row, strict=True):
            got = try_deliverable(world, made, side, event)
            assert (side, event, got) == (side, event, wanted)
        offered = set(document(world.side(side), made)["deliverables"][0]["actions"])
        works = {
            event
            for event, wanted in zip(DELIVERABLE_ACTS, row, strict=True)
            if wanted in list(DeliverableStatus)
        }
        # Answering and looking at a post have tests of their own.
        assert (side, offered - {"answer", "check"}) == (side, works)


def test_the_tables_are_those_of_the_product():
    lead_on = {
        state.value: {
            event.value: after.value
            for event, after in row.items()
            if event not in (AdRequestEvent.CONSENT, AdRequestEvent.EXTEND)
        }
        for state, row in AD_REQUEST.table.items()
        if row
    }
    answers = {
        "counter": "negotiating",
        "accept": "active",
        "reject": "rejected",
        "withdraw": "withdrawn",
        "expire": "expired",
    }
    assert lead_on == {
        "proposed": answers,
        "negotiating": answers,
        "active": {"complete": "completed", "cancel": "cancelled"},
    }
    stops = {"dispute": "disputed", "cancel": "cancelled"}
    assert {
        state.value: {
            event.value: after.value
            for event, after in row.items()
            if event not in (DeliverableEvent.EXTEND, DeliverableEvent.CLEAR)
        }
        for state, row in DELIVERABLE.table.items()
    } == {
        "due": {"submit": "in_review", **stops},
        "in_review": {"approve": "approved", "request_changes": "due", **stops},
        "approved": {"publish": "published", **stops},
        "published": {"confirm": "completed", "fail_check": "approved", "dispute": "disputed"},
        "completed": {"dispute": "disputed"},
        "disputed": {"decide_paid": "completed", "decide_refunded": "cancelled"},
        "cancelled": {},
    }
