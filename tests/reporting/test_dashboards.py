"""Dashboards are the sponsor's own: kept, changed, copied, deleted, and shared to be read."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEntry
from app.core.actor import MemberRole
from app.core.clock import now, today
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.reporting import dashboards
from app.reporting.dashboard_fields import DIMENSIONS, MEASURES, problems
from app.reporting.dashboard_models import Dashboard, DashboardPanel, DashboardShare
from app.reporting.dashboards import days_of
from tests.factories.ad_requests import make_world
from tests.factories.campaigns import make_campaign
from tests.factories.identity import SignedIn, make_member, make_sponsor
from tests.factories.statistics import click, make_link, order, publish_post
from tests.services.statements import counted as statements

PATH = "/sponsor/dashboards"
CLICKS = {"title": "Clicks", "chart": "line", "dimensions": ["day"], "measures": ["clicks"]}
ORDERS = {
    "chart": "bar",
    "dimensions": ["influencer"],
    "measures": ["orders", "conversion_per_click"],
    "filters": [{"field": "platform", "values": ["instagram", None]}],
    "width": 4,
    "height": 3,
}


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def sponsor(world):
    return SignedIn(world.sponsor)


def keep(sponsor, **values):
    answer = sponsor.post(PATH, {"name": "Mine", "panels": [CLICKS, ORDERS], **values})
    assert answer.status_code == 201, answer.text
    return answer.json


def one(dashboard):
    return f"{PATH}/{dashboard['id']}"


# --- kept ---------------------------------------------------------------------------------------


def test_a_dashboard_comes_back_as_it_was_kept(sponsor, world):
    made = keep(sponsor, campaign_id=world.campaign.id, last_days=30)
    found = sponsor.get(one(made)).json
    assert found == made
    assert (found["campaign"]["id"], found["last_days"]) == (world.campaign.id, 30)
    first, second = found["panels"]
    assert (first["title"], first["width"], first["height"]) == ("Clicks", 2, 2)
    assert {key: second[key] for key in ORDERS} == ORDERS


def test_panels_keep_their_ids_when_they_move(sponsor):
    made = keep(sponsor)
    first, second = made["panels"]
    changed = sponsor.patch(one(made), {"panels": [second, {**CLICKS, "id": None}, first]}).json
    ids = [panel["id"] for panel in changed["panels"]]
    assert (ids[0], ids[2]) == (second["id"], first["id"])
    assert ids[1] not in (first["id"], second["id"])
    assert changed["version"] == made["version"] + 1


def test_an_id_of_another_dashboards_panel_is_not_taken_over(sponsor):
    theirs = keep(sponsor)["panels"][0]
    made = keep(sponsor)
    changed = sponsor.patch(one(made), {"panels": [theirs, made["panels"][0]] * 2}).json
    ids = [panel["id"] for panel in changed["panels"]]
    assert theirs["id"] not in ids
    assert len(set(ids)) == 4


def test_a_period_is_given_whole(sponsor):
    made = keep(sponsor, last_days=7)
    day = today().isoformat()
    changed = sponsor.patch(one(made), {"since": day}).json
    assert (changed["last_days"], changed["since"], changed["until"]) == (None, day, None)
    assert sponsor.patch(one(made), {"name": "Other"}).json["since"] == day
    refused = sponsor.patch(one(made), {"since": day, "until": "2020-01-01"})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["until"])
    assert sponsor.patch(one(made), {"since": day, "last_days": 3}).status_code == 422


def test_a_change_of_what_moved_on_is_refused(sponsor):
    made = keep(sponsor)
    tag = sponsor.get(one(made)).headers["ETag"]
    assert sponsor.patch(one(made), {"name": "A"}, headers={"If-Match": tag}).status_code == 200
    late = sponsor.patch(one(made), {"name": "B"}, headers={"If-Match": tag})
    assert late.status_code == 412
    assert sponsor.get(one(made)).json["name"] == "A"


def test_a_copy_has_the_same_panels_and_no_links(sponsor):
    made = keep(sponsor, last_days=14)
    sponsor.post(f"{one(made)}/shares", {})
    copy = sponsor.post(f"{one(made)}/duplicate", {"name": "Copy"}).json
    bare = [[{**panel, "id": None} for panel in found["panels"]] for found in (made, copy)]
    assert bare[0] == bare[1]
    assert (copy["name"], copy["last_days"]) == ("Copy", 14)
    assert sponsor.get(f"{one(copy)}/shares").json["items"] == []


def test_a_deleted_dashboard_leaves_nothing_behind(sponsor):
    made = keep(sponsor)
    sponsor.post(f"{one(made)}/shares", {})
    assert sponsor.delete(one(made)).status_code == 204
    assert sponsor.get(one(made)).status_code == 404
    db.session.rollback()
    for table in (Dashboard, DashboardPanel, DashboardShare):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_the_last_changed_comes_first_and_a_campaign_has_its_own(sponsor, world):
    first = keep(sponsor, campaign_id=world.campaign.id)
    second = keep(sponsor)
    listed = [item["id"] for item in sponsor.get(PATH).json["items"]]
    assert listed == [second["id"], first["id"]]
    sponsor.patch(one(first), {"name": "Newer"})
    assert sponsor.get(PATH).json["items"][0]["id"] == first["id"]
    own = sponsor.get(f"{PATH}?campaign_id={world.campaign.id}").json["items"]
    assert [item["id"] for item in own] == [first["id"]]


def test_a_list_takes_the_same_statements_however_long_it_is(sponsor):
    keep(sponsor)
    with statements() as few:
        sponsor.get(PATH)
    for _ in range(4):
        keep(sponsor)
    with statements() as many:
        assert len(sponsor.get(PATH).json["items"]) == 5
    assert len(many) == len(few)


def test_there_is_an_end_to_how_many(sponsor, monkeypatch):
    monkeypatch.setattr(dashboards, "MOST_DASHBOARDS", 1)
    keep(sponsor)
    refused = sponsor.post(PATH, {"name": "More"})
    assert refused.status_code == 409
    assert refused.json["type"].endswith("too-many-dashboards")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"dimensions": ["day", "week"]}, "dimensions"),
        ({"dimensions": ["link", "link"]}, "dimensions"),
        ({"dimensions": ["nothing"]}, "dimensions"),
        ({"measures": []}, "measures"),
        ({"measures": ["day"]}, "measures"),
        ({"dimensions": ["reason"], "measures": ["orders"]}, "measures"),
        ({"filters": [{"field": "reason", "values": ["bot"]}]}, "measures"),
        ({"filters": [{"field": "day", "values": ["2026-01-01"]}]}, "filters"),
        ({"filters": [{"field": "link", "values": []}]}, "filters"),
        ({"chart": "pie"}, "chart"),
        ({"width": 5}, "width"),
    ],
)
def test_fields_that_do_not_fit_are_refused(sponsor, wrong, field):
    refused = sponsor.post(PATH, {"name": "Mine", "panels": [{**CLICKS, **wrong}]})
    assert refused.status_code == 422
    assert field in str(refused.json["errors"])


def test_every_field_can_be_shown_by_itself(sponsor):
    for key in DIMENSIONS:
        measure = "raw_clicks" if key == "reason" else "clicks"
        assert problems([key], [measure]) == {}
    assert problems([], list(MEASURES)[:6]) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_days": 0},
        {"last_days": 3, "since": today()},
        {"since": today(), "until": today() - timedelta(days=1)},
    ],
)
def test_the_database_keeps_no_period_that_is_none(world, wrong):
    row = Dashboard(sponsor_id=world.sponsor.sponsor_id, created_by="system", name="Wrong", **wrong)
    with pytest.raises(IntegrityError):
        unit_of_work(lambda: db.session.add(row))


def test_the_last_days_end_today_in_the_time_zone(app):
    with time_machine.travel("2026-11-22T23:30:00Z", tick=False):
        days = days_of("Asia/Ho_Chi_Minh", last_days=2)
    assert (str(days.since), str(days.until)) == ("2026-11-22", "2026-11-23")


# --- whose --------------------------------------------------------------------------------------


def test_others_find_nothing_and_admins_read_all(sponsor, world):
    made = keep(sponsor)
    panel = made["panels"][0]["id"]
    stranger = SignedIn(make_sponsor())
    for path in ("", f"/panels/{panel}/figures", f"/panels/{panel}/point", "/shares"):
        assert stranger.get(one(made) + path).status_code == 404
    assert stranger.patch(one(made), {"name": "Theirs"}).status_code == 404
    assert stranger.delete(one(made)).status_code == 404
    assert stranger.get(PATH).json["items"] == []
    admin = SignedIn(world.admin)
    path = f"/admin/dashboards/{made['id']}"
    assert admin.get(path).json["name"] == "Mine"
    assert admin.get(f"{path}/panels/{panel}/figures").status_code == 200
    assert admin.patch(path, {"name": "Ours"}).status_code == 405
    own = f"/admin/dashboards?sponsor_id={world.sponsor.sponsor_id}"
    assert len(admin.get(own).json["items"]) == 1
    assert SignedIn(world.influencer).get(PATH).status_code == 403


def test_a_campaign_of_somebody_else_is_not_taken(sponsor):
    theirs = make_campaign(make_sponsor(), "draft")
    refused = sponsor.post(PATH, {"name": "Theirs", "campaign_id": theirs.id})
    assert refused.status_code == 404
    for path in ("dashboard-fields", "dashboard-figures", "dashboard-points"):
        query = "" if path == "dashboard-fields" else "&measure=clicks"
        found = sponsor.get(f"/sponsor/{path}?campaign_id={theirs.id}{query}")
        assert found.status_code == 404, found.text


def test_viewers_read_and_change_nothing(sponsor, world):
    made = keep(sponsor)
    viewer = SignedIn(make_member(world.sponsor, MemberRole.VIEWER))
    assert viewer.get(one(made)).status_code == 200
    for answer in (
        viewer.patch(one(made), {"name": "X"}),
        viewer.post(PATH, {"name": "X"}),
        viewer.post(f"{one(made)}/shares", {}),
    ):
        assert answer.status_code == 403


# --- figures ------------------------------------------------------------------------------------


def test_a_panel_shows_what_was_counted_and_what_lies_behind(sponsor, world):
    link = make_link(world, publish_post(world)[0])
    click(link, now(), times=4)
    order(link, now(), 1_500)
    made = keep(sponsor, campaign_id=world.campaign.id)
    panel = made["panels"][0]["id"]
    day = today().isoformat()
    found = sponsor.get(f"{one(made)}/panels/{panel}/figures").json
    assert found["measures"] == [{"key": "clicks", "type": "number", "unit": "count"}]
    assert [(row["keys"][0]["value"], row["values"]) for row in found["rows"]] == [(day, [4])]
    point = sponsor.get(f"{one(made)}/panels/{panel}/point?key={day}").json
    part, _of_the_post = point["parts"]
    assert (part["link"]["id"], part["clicks"], part["orders"]) == (link, 4, 1)
    [sale] = point["orders"]
    assert (sale["revenue"]["amount"], sale["link"]["id"]) == (1_500, link)


def test_a_preview_shows_the_same_before_anything_is_kept(sponsor, world):
    link = make_link(world, publish_post(world)[0])
    click(link, now(), times=4)
    query = f"dimension=link&measure=clicks&filter=link:{link}&last_days=7"
    found = sponsor.get(f"/sponsor/dashboard-figures?{query}").json
    assert [(row["keys"][0]["value"], row["values"]) for row in found["rows"]] == [(link, [4])]
    point = sponsor.get(f"/sponsor/dashboard-points?{query}&key={link}").json
    assert [part["clicks"] for part in point["parts"]] == [4]
    fields = sponsor.get("/sponsor/dashboard-fields").json
    links = next(field for field in fields["dimensions"] if field["key"] == "link")
    assert [choice["value"] for choice in links["choices"]] == [link]
    assert len(fields["measures"]) == len(MEASURES)


# --- shares -------------------------------------------------------------------------------------


def share(sponsor, dashboard, **values):
    answer = sponsor.post(f"{one(dashboard)}/shares", values)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json


def shared(app, made, path=""):
    token = made["url"].rpartition("/")[2]
    return app.test_client().get(f"/api/v1/public/dashboards/{token}{path}")


def test_whoever_has_the_link_reads_and_nothing_else(app, sponsor, world):
    publish_post(world)
    made = keep(sponsor, campaign_id=world.campaign.id)
    link = share(sponsor, made, name="The board", days=7)
    found = shared(app, link)
    assert (found.status_code, found.headers["Cache-Control"]) == (200, "no-store")
    assert set(found.json) == {
        *("name", "sponsor", "campaign", "last_days", "since", "until", "panels")
    }
    assert found.json["campaign"] == world.campaign.title
    assert "filters" not in found.json["panels"][0]
    for secret in (world.sponsor.email, world.sponsor.sponsor_id, world.campaign.id):
        assert secret not in found.text
    panel = found.json["panels"][0]["id"]
    figures = shared(app, link, f"/panels/{panel}/figures")
    assert (figures.status_code, figures.headers["Cache-Control"]) == (200, "no-store")
    assert shared(app, link, f"/panels/{panel}/point").status_code == 404


def test_what_stands_in_a_link_is_kept_nowhere(sponsor):
    made = keep(sponsor)
    token = share(sponsor, made)["url"].rpartition("/")[2]
    assert len(token) >= 43
    db.session.rollback()
    row = db.session.scalars(select(DashboardShare)).one()
    assert token not in str(vars(row))
    [listed] = sponsor.get(f"{one(made)}/shares").json["items"]
    assert set(listed) == {"id", "name", "created_at", "expires_at"}


def test_wrong_revoked_and_expired_links_look_alike(app, sponsor):
    made = keep(sponsor)
    revoked, expiring, lasting = (
        share(sponsor, made),
        share(sponsor, made, days=1),
        share(sponsor, made),
    )
    gone = sponsor.delete(f"{one(made)}/shares/{revoked['id']}")
    assert gone.status_code == 204
    assert sponsor.delete(f"{one(made)}/shares/{revoked['id']}").status_code == 404
    assert shared(app, expiring).status_code == 200
    with time_machine.travel(now() + timedelta(days=1, minutes=1)):
        answers = [
            shared(app, revoked),
            shared(app, expiring),
            shared(app, {"url": "https://x/never-was"}),
        ]
        assert shared(app, lasting).status_code == 200
    assert {answer.status_code for answer in answers} == {404}
    bodies = [{**answer.json, "request_id": "", "instance": ""} for answer in answers]
    assert bodies[0] == bodies[1] == bodies[2]


def test_sharing_and_its_end_are_on_the_trail(sponsor):
    made = keep(sponsor)
    link = share(sponsor, made)
    sponsor.delete(f"{one(made)}/shares/{link['id']}")
    db.session.rollback()
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == made["id"]))
    assert sorted(acts) == ["dashboard.shared", "dashboard.unshared"]


def test_a_panel_of_another_dashboard_is_not_read_through_a_link(app, sponsor):
    made, other = keep(sponsor), keep(sponsor)
    link = share(sponsor, made)
    panel = other["panels"][0]["id"]
    assert shared(app, link, f"/panels/{panel}/figures").status_code == 404
