"""The terms of an offer as values: completed, hashed, compared, split."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ad_requests import terms
from app.ad_requests.terms import Commission, DeliverableTerms, Terms
from app.core.errors import Invalid
from app.core.money import Money

TODAY = date(2030, 1, 10)
ENDS = date(2030, 2, 1)


def offer(fee: int = 1000, **values) -> Terms:
    return Terms(fee=Money(fee, "EUR"), **values)


def part(title: str = "Reel", share: int = 100, **values) -> DeliverableTerms:
    return DeliverableTerms(title=title, share=share, **values)


def complete(wanted: Terms, **values) -> Terms:
    return terms.complete(
        wanted,
        **{
            "currency": "EUR",
            "title": "Coffee",
            "due_on": ENDS,
            "usage_rights": "Six months",
            "today": TODAY,
            "publish_days": 7,
            **values,
        },
    )


def hashed(wanted: Terms, **place) -> str:
    return terms.hash_of(
        wanted,
        **{
            "ad_request_id": "adr_1",
            "number": 1,
            "by": "sponsor",
            "platform_fee": 5,
            "hold_days": 7,
            **place,
        },
    )


# --- completing ---------------------------------------------------------------------------------


def test_deliverables_left_out_are_one_for_the_whole_fee_due_when_the_campaign_ends():
    (only,) = complete(offer()).deliverables
    assert only == part("Coffee", 100, due_on=ENDS, publish_by=ENDS + timedelta(days=7))


def test_usage_rights_left_out_are_the_campaigns():
    assert complete(offer()).usage_rights == "Six months"
    assert complete(offer(usage_rights="None")).usage_rights == "None"


def refused(wanted: Terms, **values) -> set[str]:
    with pytest.raises(Invalid) as raised:
        complete(wanted, **values)
    return set(raised.value.errors)


def test_terms_that_cannot_be_are_refused_by_field():
    cap = Commission(basis_points=800, cap=Money(5, "USD"))
    assert refused(offer(), currency="USD") == {"offer.fee.currency"}
    assert refused(offer(commission=cap)) == {"offer.commission.cap.currency"}
    assert refused(offer(deliverables=(part(share=60),))) == {"offer.deliverables"}
    assert refused(offer(deliverables=(part(share=0), part(share=100)))) == {"offer.deliverables"}
    assert refused(offer(deliverables=(part(share=5),) * 21)) == {"offer.deliverables"}
    yesterday = TODAY - timedelta(days=1)
    late = part(due_on=TODAY, publish_by=yesterday)
    assert refused(offer(deliverables=(part(due_on=yesterday),))) == {"offer.deliverables.0.due_on"}
    assert refused(offer(deliverables=(late,))) == {"offer.deliverables.0.publish_by"}


def test_a_deliverable_may_be_due_today():
    assert complete(offer(deliverables=(part(due_on=TODAY),))).deliverables[0].due_on == TODAY


# --- hash ---------------------------------------------------------------------------------------


def test_the_hash_is_that_of_the_documented_form():
    wanted = complete(
        offer(125_000, commission=Commission(basis_points=850, cap=Money(40_000, "EUR")))
    )
    form = {
        "ad_request": "adr_1",
        "by": "sponsor",
        "commission": {"basis_points": 850, "cap": {"amount": 40_000, "currency": "EUR"}},
        "deliverables": [
            {
                "due_on": "2030-02-01",
                "publish_by": "2030-02-08",
                "share": 100,
                "title": "Coffee",
            }
        ],
        "exclusivity": "",
        "fee": {"amount": 125_000, "currency": "EUR"},
        "hold_days": 7,
        "message": "",
        "number": 1,
        "platform_fee": 5,
        "usage_rights": "Six months",
    }
    text = json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashed(wanted) == hashlib.sha256(text.encode()).hexdigest()


def test_the_hash_names_one_revision_of_one_negotiation():
    wanted = complete(offer(message="Hello"))
    hashes = {
        hashed(wanted),
        hashed(wanted, ad_request_id="adr_2"),
        hashed(wanted, number=2),
        hashed(wanted, by="influencer"),
        hashed(wanted, platform_fee=6),
        hashed(wanted, hold_days=8),
        hashed(complete(offer(1001, message="Hello"))),
        hashed(complete(offer(message="Hallo"))),
        hashed(complete(offer(message="Hello", exclusivity="30 days"))),
        hashed(complete(offer(message="Hello"), due_on=ENDS + timedelta(days=1))),
    }
    assert len(hashes) == 10


def test_the_same_text_in_another_unicode_form_has_the_same_hash():
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    assert hashed(complete(offer(message=composed))) == hashed(complete(offer(message=decomposed)))


def test_stored_deliverables_come_back_as_they_were():
    wanted = complete(offer(deliverables=(part("Reel", 30), part("Story", 70, due_on=TODAY))))
    stored = terms.deliverables_as_json(wanted)
    assert terms.deliverables_from_json(stored) == wanted.deliverables


# --- diff ---------------------------------------------------------------------------------------


def test_a_diff_names_each_field_with_old_new_and_the_step():
    cap = Commission(basis_points=800, cap=Money(500, "EUR"))
    old = complete(
        offer(1600, commission=cap, deliverables=(part("Reel", 60), part("Post", 40))),
    )
    new = complete(
        offer(
            1800,
            commission=Commission(basis_points=800, cap=Money(400, "EUR")),
            deliverables=(part("Reel", 50, due_on=ENDS + timedelta(days=14)), part("Story", 50)),
        ),
    )

    changes = terms.diff(old, new)

    assert [(c.field, c.of, c.old, c.new, c.change) for c in changes] == [
        ("fee", None, 1600, 1800, 200),
        ("commission_cap", None, 500, 400, -100),
        ("deliverable", "Post", "Post", None, None),
        ("share", "Reel", 60, 50, -10),
        ("due_on", "Reel", "2030-02-01", "2030-02-15", 14),
        ("publish_by", "Reel", "2030-02-08", "2030-02-22", 14),
        ("deliverable", "Story", None, "Story", None),
    ]
    assert terms.unchanged(changes) == ["commission_rate", "usage_rights", "exclusivity", "message"]


def test_an_offer_does_not_differ_from_itself():
    wanted = complete(offer(deliverables=(part("Reel", 50), part("Reel", 50))))
    assert terms.diff(wanted, wanted) == []
    assert terms.unchanged([]) == list(terms.FIELDS)


def test_a_commission_that_appears_has_no_step():
    cap = Commission(basis_points=800, cap=Money(500, "EUR"))
    changes = terms.diff(complete(offer()), complete(offer(commission=cap)))
    assert [(c.field, c.old, c.new, c.change) for c in changes] == [
        ("commission_rate", None, 8.0, None),
        ("commission_cap", None, 500, None),
    ]


# --- split --------------------------------------------------------------------------------------


@given(
    total=st.integers(0, 10**12),
    cuts=st.sets(st.integers(1, 99), max_size=19),
)
def test_amounts_sum_to_the_fee_whatever_the_shares(total, cuts):
    edges = [0, *sorted(cuts), 100]
    shares = [high - low for low, high in pairwise(edges)]
    parts = terms.amounts(total, [part(share=share) for share in shares])
    assert sum(parts) == total
    assert all(abs(a - total * s / 100) <= 1 for a, s in zip(parts, shares, strict=True))
