"""What statistics count is counted anew when it changes, and open reports hear of it."""

from __future__ import annotations

from app.ad_requests import events as agreements
from app.attribution.events import ClicksCounted
from app.attribution.order_events import (
    CommissionPaid,
    CommissionTakenBack,
    OrderChanged,
    OrderFactBase,
    OrderRecorded,
)
from app.campaigns.events import CampaignTermsChanged
from app.core.events import Handler
from app.identity import people
from app.notifications import live
from app.payments.events import FundsRefunded, FundsReleased
from app.statistics import rollups
from app.statistics.events import ReportChanged


def of_agreement(fact: agreements.AgreementFact) -> None:
    """Its posts or their fees changed."""
    rollups.changed_agreement(fact.ad_request_id)


def of_payment(fact: FundsReleased | FundsRefunded) -> None:
    """What it cost changed; `reference` is the ad request."""
    rollups.changed_agreement(fact.reference)


def of_clicks(fact: ClicksCounted) -> None:
    """Clicks were counted."""
    rollups.add_clicks((one.link_id, one.at, one.reason, one.number) for one in fact.changes)


def of_order(fact: OrderFactBase) -> None:
    """An order, or what it pays, changed for the link that it is credited to."""
    if fact.link_id is not None:
        rollups.changed_orders(fact.link_id, fact.order_id)


def of_changed_order(fact: OrderChanged) -> None:
    """The same, and the link that it was credited to before counts it no more."""
    of_order(fact)
    if fact.link_before is not None and fact.link_before != fact.link_id:
        rollups.changed_orders(fact.link_before, fact.order_id)


def days_moved(fact: CampaignTermsChanged) -> None:
    """In another time zone everything falls on other days."""
    if "time_zone" in fact.fields:
        rollups.rebuild(fact.campaign_id)


def tell_open_reports(fact: ReportChanged) -> None:
    """Let the pages that show the campaign's report read it again."""
    readers = [*people.members(fact.sponsor_id), *people.behind(fact.influencer_id)]
    live.push(readers, "report", {"campaign_id": fact.campaign_id})


COUNTED: tuple[tuple[type, Handler], ...] = (
    (agreements.DeliverablePublished, of_agreement),
    (agreements.LiveCheckFailed, of_agreement),
    (agreements.DeliverableCompleted, of_agreement),
    (agreements.DeliverableCancelled, of_agreement),
    (agreements.DisputeOpened, of_agreement),
    (agreements.DisputeDecided, of_agreement),
    (FundsReleased, of_payment),
    (FundsRefunded, of_payment),
    (ClicksCounted, of_clicks),
    (OrderRecorded, of_order),
    (OrderChanged, of_changed_order),
    (CommissionPaid, of_order),
    (CommissionTakenBack, of_order),
    (CampaignTermsChanged, days_moved),
    (ReportChanged, tell_open_reports),
)
