"""Two of everyone with everything they can own, and people in every state."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from PIL import Image
from sqlalchemy import select, update

from app.ad_requests.lifecycle import Party
from app.ad_requests.models import Deliverable, Dispute, Submission
from app.attribution import order_sources
from app.attribution.order_facts import OrderSourceKind
from app.core import jobs
from app.core.actor import MemberRole, UserStatus
from app.core.clock import now, today
from app.core.extensions import db
from app.core.ids import new_id
from app.core.jobs import JobStatus
from app.core.transaction import unit_of_work
from app.identity.models import MemberInvitation, Sponsor, SponsorMember, User
from app.payments import inbox, payout_details
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.invoice_models import Invoice
from app.payments.payout_batch_models import PayoutBatch
from app.payments.payout_models import PayoutMethod
from app.statistics.models import PostFigures
from app.statistics.sources import Source
from tests.factories import orders, payments
from tests.factories.ad_requests import (
    World,
    advance,
    agree,
    current_hash,
    make_world,
    propose,
    reload,
)
from tests.factories.brands import make_brand, make_product
from tests.factories.campaigns import make_campaign
from tests.factories.identity import (
    Person,
    SignedIn,
    make_admin,
    make_influencer,
    make_member,
    make_sponsor,
)
from tests.factories.links import TARGET, verify

NOBODY = "zzz_nobody"

Objects = dict[str, str]


@dataclass
class Side:
    """One sponsor with one influencer, and the ids of what each of them owns by parameter."""

    sponsor: Person
    influencer: Person
    admin: Person
    shared: Objects = field(default_factory=dict)
    of_sponsor: Objects = field(default_factory=dict)
    of_influencer: Objects = field(default_factory=dict)
    of_admins_account: Objects = field(default_factory=dict)
    of_public: Objects = field(default_factory=dict)
    offer_hash: str = ""

    def objects(self, role: str) -> Objects:
        """What is this side's, seen as `role`; where nothing else is said, the sponsor's."""
        own = {
            "influencer": self.of_influencer,
            "admin's account": self.of_admins_account,
            "public": {**self.of_sponsor, **self.of_public},
        }.get(role, self.of_sponsor)
        return {**self.shared, **own}


@dataclass
class Matrix:
    """Both sides, and clients of everyone who asks."""

    a: Side
    b: Side
    callers: dict[str, SignedIn]
    fields: dict[str, Any]


def build() -> Matrix:
    """The whole world of the access matrix."""
    a, b = _side(), _side()
    admin = SignedIn(a.admin)
    free = make_influencer(name="Free")
    a.of_admins_account |= _of_anyone(admin)
    flag = SignedIn(b.admin).post(f"/admin/users/{a.admin.user_id}/flag", {"effect": "warn"})
    a.of_admins_account["flag_id"] = _created(flag)["id"]
    _flag(admin, a)
    _flag(admin, b)
    callers = {
        "admin": admin,
        "sponsor A": SignedIn(a.sponsor),
        "sponsor B": SignedIn(b.sponsor),
        "influencer A": SignedIn(a.influencer),
        "influencer B": SignedIn(b.influencer),
        **{
            f"{role.value} of A": SignedIn(make_member(a.sponsor, role))
            for role in (MemberRole.VIEWER, MemberRole.FINANCE, MemberRole.MANAGER)
        },
        **_in_every_state(a.sponsor),
    }
    for person in ("admin", "sponsor A", "influencer A"):
        for scope in ("read", "write"):
            callers[f"{scope} key of {person}"] = _by_key(callers[person], scope)
    return Matrix(a, b, callers, _fields(a, free))


def _side() -> Side:
    world = make_world()
    side = Side(world.sponsor, world.influencer, world.admin)
    sponsor, influencer = SignedIn(world.sponsor), SignedIn(world.influencer)
    agreed = agree(world).id
    part = advance(world, reload(agreed), "in_review").id
    other = World(world.sponsor, make_influencer(), world.admin, world.campaign)
    disputed = agree(other).id
    advance(other, reload(disputed), "disputed")
    side.shared |= {
        "campaign_id": world.campaign.id,
        "ad_request_id": agreed,
        "deliverable_id": part,
        "user_id": world.influencer.user_id,
        "dispute_id": _dispute_of(disputed),
        "submission_id": _one(select(Submission.id).where(Submission.deliverable_id == part)),
        "message_id": _created(
            sponsor.post(f"/sponsor/ad-requests/{agreed}/messages", {"text": "Hello"})
        )["id"],
        "name": "sandbox",
    }
    side.shared["figures_id"] = _figures(part)
    side.shared["invoice_id"] = _invoice(world)
    side.shared |= _link(sponsor, agreed)
    side.of_sponsor |= _of_sponsor(sponsor, world)
    side.of_influencer |= _of_influencer(influencer)
    side.shared["withdrawal_id"] = side.of_influencer["withdrawal_id"]
    side.shared["batch_id"] = _payout_batch(world.admin)
    side.shared |= _dashboard(sponsor, world)
    side.shared["event_id"] = _waiting_event()
    side.of_public["file_id"] = _logo(sponsor)
    for client, own in ((sponsor, side.of_sponsor), (influencer, side.of_influencer)):
        own |= _of_anyone(client)
    open_one = propose(World(world.sponsor, make_influencer(), world.admin, world.campaign))
    side.offer_hash = current_hash(open_one)
    _orders(side, world, agreed)
    return side


def _figures(deliverable_id: str) -> str:
    """Figures of a deliverable that was published once."""

    def work() -> str:
        row = PostFigures(
            deliverable_id=deliverable_id,
            number=1,
            by=Party.INFLUENCER,
            author="system",
            source=Source.REPORTED,
            as_of=now(),
            reactions=1,
            comments=1,
            shares=1,
            is_current=True,
        )
        db.session.add(row)
        db.session.flush()
        return row.id

    return unit_of_work(work)


def _orders(side: Side, world: World, agreed: str) -> None:
    """An order that only a page told of, by a link of the side's influencer; and a source."""
    link = orders.make_link(world, reload(agreed))
    told = orders.fact(click_id=orders.make_click(link, orders.ago(days=1)))
    taken = orders.tell(world.sponsor, told, OrderSourceKind.SCRIPT).order
    assert taken is not None
    side.shared["order_id"] = taken.id
    source, _secret = unit_of_work(
        lambda: order_sources.add(world.sponsor.actor, kind=OrderSourceKind.WOOCOMMERCE)
    )
    side.shared["source_id"] = source.id
    unit_of_work(lambda: order_sources.add(world.sponsor.actor, kind=OrderSourceKind.SCRIPT))
    side.shared["sponsor_id"] = str(world.sponsor.sponsor_id)


def _link(sponsor: SignedIn, ad_request_id: str) -> Objects:
    """A link of the agreement with a coupon code, and the domain that it leads to."""
    domain_id = verify(sponsor.person).id
    made = _created(sponsor.post(f"/sponsor/ad-requests/{ad_request_id}/links", {"target": TARGET}))
    link = _created(sponsor.post(f"/sponsor/links/{made['id']}/coupons", {}))
    return {
        "domain_id": domain_id,
        "link_id": link["id"],
        "link_code": link["code"],
        "coupon_id": link["coupons"][0]["id"],
    }


def _invoice(world: World) -> str:
    """An invoice of the side's sponsor about the work of the side's influencer."""
    payer, earner = (
        payments.Person(person.user_id, person.email, str(own_id), person.actor)
        for person, own_id in (
            (world.sponsor, world.sponsor.sponsor_id),
            (world.influencer, world.influencer.influencer_id),
        )
    )
    reference = payments.earn(payer, earner, 1_000)
    return _one(select(Invoice.id).where(Invoice.reference == reference))


def _dashboard(sponsor: SignedIn, world: World) -> Objects:
    """A dashboard of the campaign with a panel, and a link that shares it."""
    panel = {"chart": "line", "dimensions": [], "measures": ["clicks"]}
    made = _created(
        sponsor.post(
            "/sponsor/dashboards",
            {"name": "Clicks", "campaign_id": world.campaign.id, "panels": [panel]},
        )
    )
    share = _created(sponsor.post(f"/sponsor/dashboards/{made['id']}/shares", {}))
    return {
        "dashboard_id": made["id"],
        "panel_id": made["panels"][0]["id"],
        "share_id": share["id"],
        "token": share["url"].rpartition("/")[2],
    }


def _payout_batch(admin: Person) -> str:
    """A batch for the bank whose payouts are of no concern here."""

    def work() -> str:
        batch = PayoutBatch(
            currency="EUR", amount=1, count=1, waiting=1, created_by=admin.actor.label
        )
        db.session.add(batch)
        db.session.flush()
        return batch.id

    return unit_of_work(work)


def _waiting_event() -> str:
    """Something that a gateway said of nothing that is known here."""
    name = new_id("evt")
    fact = GatewayFact(name, FactKind.DEPOSIT_SETTLED, "dep_unknown", 1, "EUR", entry_id=name)
    return unit_of_work(lambda: inbox.receive("sandbox", fact).id)


def _of_sponsor(client: SignedIn, world: World) -> Objects:
    person = client.person
    brand = make_brand(person)
    brand_id = brand.id
    product_id = make_product(person, brand).id
    deposit = _created(
        client.post(
            "/sponsor/deposits",
            {"amount": {"amount": 5_000, "currency": "EUR"}, "gateway": "sandbox"},
            headers={"Idempotency-Key": "matrix"},
        )
    )
    _created(
        client.post(
            "/sponsor/team/invitations",
            {"email": f"invited-{person.user_id}@example.com", "role": "manager"},
        )
    )
    make_campaign(person, "draft")
    member = make_member(person, MemberRole.MANAGER)
    return {
        "brand_id": brand_id,
        "product_id": product_id,
        "deposit_id": deposit["id"],
        "invitation_id": _one(
            select(MemberInvitation.id).where(MemberInvitation.sponsor_id == person.sponsor_id)
        ),
        "member_id": _one(select(SponsorMember.id).where(SponsorMember.user_id == member.user_id)),
        "slug": _one(_slug_of(person)),
    }


def _of_influencer(client: SignedIn) -> Objects:
    person = client.person
    payer = payments.sponsor()
    earner = payments.Person(person.user_id, person.email, str(person.influencer_id), person.actor)
    payments.earn(payer, earner, 50_000)
    withdrawal = _created(
        client.post(
            "/influencer/withdrawals",
            {"amount": {"amount": 10_000, "currency": "EUR"}},
            headers={"Idempotency-Key": "matrix"},
        )
    )
    assert client("PUT", "/influencer/payout-details", {"method": "sandbox"}).status_code == 200
    account = _created(
        client.post(
            "/influencer/profile/accounts",
            {"platform": "instagram", "handle": f"matrix.{person.user_id[-8:]}", "followers": 10},
        )
    )
    unit_of_work(
        lambda: payout_details.change(person.actor, method=PayoutMethod.SANDBOX, destination={})
    )
    return {
        "withdrawal_id": withdrawal["id"],
        "account_id": account["id"],
        "slug": person.slug,
    }


def _logo(client: SignedIn) -> str:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(picture, "PNG")
    picture.seek(0)
    file = client.client.post(
        "/api/v1/account/files", data={"file": (picture, "logo.png")}, headers=client.headers
    )
    file_id: str = _created(file)["id"]
    _created(client.patch("/sponsor/profile", {"logo_file_id": file_id}))
    return file_id


def _of_anyone(client: SignedIn) -> Objects:
    file = client.client.post(
        "/api/v1/account/files",
        data={"file": (io.BytesIO(b"plain text"), "note.txt")},
        headers=client.headers,
    )
    key = _created(client.post("/account/api-keys", {"name": "Script", "scopes": ["read"]}))
    view = {"list": "ad-requests", "name": "Active", "query": "status=active"}
    elsewhere = SignedIn(client.person)
    sessions = elsewhere.get("/account/sessions").json["items"]
    return {
        "file_id": _created(file)["id"],
        "key_id": key["id"],
        "session_id": next(item["id"] for item in sessions if item["current"]),
        "job_id": _dead_job(client.person),
        "view_id": _created(client.post("/account/saved-views", view))["id"],
    }


def _by_key(client: SignedIn, scope: str) -> SignedIn:
    """A script with a key of this scope."""
    made = _created(client.post("/account/api-keys", {"name": scope, "scopes": [scope]}))
    script = SignedIn(client.person)
    script.headers = {"Authorization": f"Bearer {made['key']}"}
    return script


def _in_every_state(sponsor: Person) -> dict[str, SignedIn]:
    """Managers of the sponsor, and influencers, in the states in which little is allowed."""
    callers = {}
    for status in (UserStatus.SUSPENDED, UserStatus.PENDING, UserStatus.CLOSED):
        member = SignedIn(make_member(sponsor, MemberRole.MANAGER))
        influencer = SignedIn(make_influencer())
        for client in (member, influencer):
            _set_status(client.person.user_id, status)
        callers[f"{status.value} sponsor"] = member
        callers[f"{status.value} influencer"] = influencer
    admin = SignedIn(make_admin())
    _set_status(admin.person.user_id, UserStatus.SUSPENDED)
    callers["suspended admin"] = admin
    return callers


def _set_status(user_id: str, status: UserStatus) -> None:
    unit_of_work(
        lambda: db.session.execute(update(User).where(User.id == user_id).values(status=status))
    )


def _flag(admin: SignedIn, side: Side) -> None:
    for client, own in ((side.sponsor, side.of_sponsor), (side.influencer, side.of_influencer)):
        flag = _created(admin.post(f"/admin/users/{client.user_id}/flag", {"effect": "warn"}))
        own["flag_id"] = flag["id"]


def _fields(a: Side, free: Person) -> dict[str, Any]:
    waiting = make_sponsor(approved=False)
    return {
        "influencer_id": free.influencer_id,
        "sponsor_id": a.sponsor.sponsor_id,
        "ids": [waiting.user_id],
        "starts_on": today().isoformat(),
        "ends_on": (today() + timedelta(days=20)).isoformat(),
        "budget": {"amount": 100_000, "currency": "EUR"},
        "values": {"appeal_days": 20},
        "offer": {"fee": {"amount": 1_000, "currency": "EUR"}, "message": "Hello"},
        "offer_hash": a.offer_hash,
        "host": "other.example",
        "target": TARGET,
        "url": "https://social.example/posts/2",
        "effect": "warn",
        "name": "Matrix",
        "scopes": ["read"],
        "platform": "youtube",
        "handle": "matrix",
        "amount": {"amount": 1_000, "currency": "EUR"},
        "total": {"amount": 1_000, "currency": "EUR"},
        "gateway": "sandbox",
        "currency": "EUR",
        "entry_id": "2026-11-22/1",
        "outcome": "paid",
    }


def _dead_job(person: Person) -> str:
    def work() -> str:
        job = jobs.enqueue("audit.chain", by=person.actor)
        job.status = JobStatus.DEAD
        db.session.flush()
        return job.id

    return unit_of_work(work)


def _dispute_of(ad_request_id: str) -> str:
    return _one(
        select(Dispute.id)
        .join(Deliverable, Deliverable.id == Dispute.deliverable_id)
        .where(Deliverable.ad_request_id == ad_request_id)
    )


def _slug_of(person: Person) -> Any:
    return select(Sponsor.slug).where(Sponsor.id == person.sponsor_id)


def _one(statement: Any) -> str:
    db.session.rollback()
    found: str = db.session.scalars(statement).one()
    db.session.rollback()
    return found


def _created(answer: Any) -> dict[str, Any]:
    assert answer.status_code in (200, 201, 202), answer.text
    body: dict[str, Any] = answer.get_json()
    return body
