"""What statistics count is counted anew when it changes, and open reports hear of it."""

from __future__ import annotations

from app.ad_requests import events as agreements
from app.attribution.events import ClicksCounted, OrderCounted
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


def of_order(fact: OrderCounted) -> None:
    """An order, or whom it is credited to, changed."""
    for link_id in fact.links:
        rollups.changed_orders(link_id, fact.ordered_at)


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
    (OrderCounted, of_order),
    (CampaignTermsChanged, days_moved),
    (ReportChanged, tell_open_reports),
)
