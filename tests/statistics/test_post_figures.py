"""What a post has reached: stated by either side, corrected without forgetting, imported."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select

from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound
from app.core.extensions import db
from app.files import service as files
from app.statistics import figures_import, service
from app.statistics.models import PostFigures
from app.statistics.sources import Source
from tests.factories.ad_requests import World, agree, kept, make_world
from tests.factories.identity import SignedIn, make_influencer
from tests.factories.statistics import FIGURES, correct, current, publish_post, state
from tests.services.statements import counted as counted_statements

SENTIMENT = {"positive": 10, "negative": 2, "neutral": 8, "not_concerned": 10}


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def post(world):
    return publish_post(world)


def history(world, post, by="influencer"):
    actor = world.side(by).actor
    return kept(lambda: service.history(actor, ad_request_id=post[0], deliverable_id=post[1]))


def picture(person, content=None):
    if content is None:
        buffer = io.BytesIO()
        Image.new("RGB", (4, 4), "teal").save(buffer, "PNG")
        content = buffer.getvalue()
    return files.upload(person.actor, name="shot", stream=io.BytesIO(content)).id


# --- stating ------------------------------------------------------------------------------------


def test_the_influencer_states_what_a_post_reached_and_both_sides_read_it(world, post):
    state(world, post, views=4000, **SENTIMENT)
    for side in ("influencer", "sponsor", "admin"):
        [row] = history(world, post, side)["items"]
        assert (row["views"], row["interactions"], row["not_concerned"]) == (4000, 160, 10)
        assert (row["source"], row["by"], row["current"]) == (Source.REPORTED, "influencer", True)
        assert row["yours"] is (side == "influencer")


def test_nothing_is_stated_of_what_is_not_published(world):
    ad_request = agree(world)
    with pytest.raises(Conflict) as raised:
        state(world, (ad_request.id, ad_request.deliverables[0].id))
    assert raised.value.type == "not-published"


def test_a_stranger_finds_nothing(world, post):
    stranger = make_influencer()
    with pytest.raises(NotFound):
        kept(
            lambda: service.state(
                stranger.actor, ad_request_id=post[0], deliverable_id=post[1], **FIGURES
            )
        )


def test_the_latest_figures_count_whoever_stated_them(world, post):
    state(world, post, by="sponsor", reactions=90, as_of=now() - timedelta(days=1))
    state(world, post, reactions=50, as_of=now() - timedelta(days=3))
    assert current(post).reactions == 90
    state(world, post, reactions=110)
    assert current(post).reactions == 110
    assert [row["reactions"] for row in history(world, post)["items"]] == [110, 90, 50]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"positive": 10}, "negative"),
        ({**SENTIMENT, "positive": 11}, "positive"),
        ({"as_of": "tomorrow"}, "as_of"),
        ({"source": Source.MEASURED}, "source"),
        ({"screenshot_file_id": "fil_nobody"}, "screenshot_file_id"),
    ],
)
def test_figures_that_cannot_be_true_are_refused_by_field(world, post, values, field):
    if values.get("as_of") == "tomorrow":
        values = {"as_of": now() + timedelta(days=1)}
    with pytest.raises(Invalid) as raised:
        state(world, post, **values)
    assert list(raised.value.errors) == [field]
    assert history(world, post)["items"] == []


def test_the_followers_are_those_of_the_account_unless_stated(world, post):
    client = SignedIn(world.influencer)
    account = {"platform": "instagram", "handle": "elsewhere", "followers": 7000}
    assert client.post("/influencer/profile/accounts", account).status_code == 201
    state(world, post)
    assert current(post).followers == 7000
    state(world, post, followers=6500)
    assert current(post).followers == 6500


def test_a_screenshot_is_read_by_the_other_side_and_is_a_picture(world, post):
    state(world, post, screenshot_file_id=picture(world.influencer))
    [row] = history(world, post, "sponsor")["items"]
    content = SignedIn(world.sponsor).get(row["screenshot"]["url"].removeprefix("/api/v1"))
    assert (content.status_code, content.mimetype) == (200, "image/png")
    with pytest.raises(Invalid) as raised:
        state(world, post, screenshot_file_id=picture(world.influencer, b"some text"))
    assert list(raised.value.errors) == ["screenshot_file_id"]


# --- correcting ---------------------------------------------------------------------------------


def test_a_correction_counts_and_keeps_what_stood_there(world, post):
    first = state(world, post, reactions=1200)
    moment = current(post).as_of
    correct(world, post, first, reactions=120, note="One 0 too many")
    assert (current(post).reactions, current(post).as_of) == (120, moment)
    rows = history(world, post)["items"]
    assert [(row["reactions"], row["corrected"]) for row in rows] == [(120, False), (1200, True)]
    assert rows[0]["corrects_id"] == first


def test_a_correction_may_bring_an_earlier_moment(world, post):
    """What was dated wrongly does not stand in the way of the right one."""
    earlier = state(world, post, reactions=70, as_of=now() - timedelta(days=1))
    wrong = state(world, post, reactions=50)
    correct(world, post, wrong, reactions=50, as_of=now() - timedelta(days=2))
    assert current(post).id == earlier


def test_figures_are_corrected_once_and_by_their_own_side(world, post):
    first = state(world, post)
    for by, before in (("sponsor", first), ("influencer", first)):
        if by == "influencer":
            correct(world, post, first)
        with pytest.raises(Conflict) as raised:
            correct(world, post, before, by=by)
        assert raised.value.type == "corrected-already"


# --- the table ----------------------------------------------------------------------------------


def imported(world, csv):
    actor, campaign_id = world.sponsor.actor, world.campaign.id
    return kept(lambda: figures_import.import_table(actor, campaign_id=campaign_id, csv=csv))


HEAD = "post,reactions,comments,shares,views,source,as_of\n"


def test_a_table_is_taken_line_by_line(world, post):
    found = imported(
        world,
        HEAD
        + f"{post[1]},500,40,6,9000,measured,2026-01-02T10:00:00+01:00\n"
        + "dlv_nobody,1,1,1,,,\n"
        + f"{post[1]},=1+1,40,6,,,\n"
        + f"{post[1]},1,40\n"
        + f"{post[1]},5,,6,,,\n"
        + f"{post[1]},5,4,6,,guessed,\n"
        + f"{post[1]},5,4,6,,,yesterday\n"
        + "\n"
        + f"{post[1]},,,,,,\n",
    )
    assert (found["taken"], found["unchanged"]) == (1, 0)
    assert [line["line"] for line in found["refused"]] == [3, 4, 5, 6, 7, 8]
    assert (current(post).reactions, current(post).source) == (500, Source.MEASURED)
    assert current(post).as_of.isoformat() == "2026-01-02T09:00:00+00:00"


@pytest.mark.parametrize("as_of", ["", "2026-01-02T10:00:00Z"])
def test_the_same_table_again_changes_nothing(world, post, as_of):
    table = f"\ufeff{HEAD}https://social.example/posts/1,500,40,6,9000,,{as_of}\r\n"
    assert imported(world, table)["taken"] == 1
    assert imported(world, table) == {"taken": 0, "unchanged": 1, "refused": []}
    assert db.session.scalar(select(func.count()).select_from(PostFigures)) == 1
    assert imported(world, table.replace("500", "501"))["taken"] == 1
    assert current(post).reactions == 501
    # Another line for the same moment is a correction, one without a moment is later.
    corrected = [row["corrected"] for row in history(world, post)["items"]]
    assert corrected == [False, bool(as_of)]


def test_a_table_of_semicolons_is_read_too(world, post):
    assert imported(world, f"Post;Reactions;Comments;Shares\n{post[1]};1;2;3\n")["taken"] == 1
    assert current(post).interactions == 6


@pytest.mark.parametrize(
    "table", ["post,reactions\n1,2\n", "", HEAD + "x,1,1,1,,,\n" * 1001, 'post,"rea\x00'], ids=str
)
def test_what_is_no_table_of_figures_is_refused_whole(world, post, table):
    with pytest.raises(Invalid) as raised:
        imported(world, table)
    assert list(raised.value.errors) == ["csv"]


def test_the_table_to_fill_in_has_a_line_for_each_post_and_can_be_sent_back(world, post):
    agree(World(world.sponsor, make_influencer(), world.admin, world.campaign))
    path = f"/sponsor/campaigns/{world.campaign.id}/posts.csv"
    answer = SignedIn(world.sponsor).get(path)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.get_data(as_text=True)
    (line,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert line["post"] == post[1]
    assert line["url"].startswith("https://")
    assert not any(line[name] for name in ("reactions", "comments", "shares", "views", "source"))
    # As it came it says nothing; filled in, it is taken.
    assert imported(world, text) == {"taken": 0, "unchanged": 0, "refused": []}
    filled = io.StringIO(newline="")
    writer = csv.DictWriter(filled, list(line))
    writer.writeheader()
    writer.writerow({**line, "reactions": 12, "comments": 3, "shares": 1})
    assert imported(world, filled.getvalue())["taken"] == 1
    assert current(post).interactions == 16
    assert SignedIn(make_world().sponsor).get(path).status_code == 404


def test_the_table_of_another_sponsors_campaign_is_out_of_reach(world, post):
    actor = make_world().sponsor.actor
    with pytest.raises(NotFound):
        kept(
            lambda: figures_import.import_table(
                actor, campaign_id=world.campaign.id, csv=f"{HEAD}{post[1]},1,1,1,,,\n"
            )
        )


# --- the surface --------------------------------------------------------------------------------


def test_the_endpoints_answer_with_the_history(world, post):
    influencer, sponsor = SignedIn(world.influencer), SignedIn(world.sponsor)
    path = f"/ad-requests/{post[0]}/deliverables/{post[1]}/figures"
    made = influencer.post(f"/influencer{path}", {**FIGURES, "views": 1000})
    assert made.status_code == 201
    assert made.headers["Location"] == f"/api/v1/influencer{path}"
    first = made.json["items"][0]["id"]
    fixed = influencer.post(f"/influencer{path}/{first}/corrections", {**FIGURES, "views": 900})
    assert [row["views"] for row in fixed.json["items"]] == [900, 1000]
    assert sponsor.get(f"/sponsor{path}").json["items"][0]["current"] is True
    table = {"csv": f"{HEAD}{post[1]},1,1,1,,,\n"}
    answer = sponsor.post(f"/sponsor/campaigns/{world.campaign.id}/figures", table)
    assert answer.json == {"taken": 1, "unchanged": 0, "refused": []}


def test_the_history_takes_the_same_statements_however_long_it_is(world, post):
    state(world, post, screenshot_file_id=picture(world.influencer))
    with counted_statements() as few:
        history(world, post)
    for _ in range(4):
        state(world, post, screenshot_file_id=picture(world.influencer))
    with counted_statements() as many:
        history(world, post)
    assert len(many) == len(few)
