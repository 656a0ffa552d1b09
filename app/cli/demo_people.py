"""Who lives in the demo world and what they agree on. All of it is made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.identity.account_import import AccountLine
from app.identity.models import Platform

PASSWORD = "accord-demo-1"  # noqa: S105 - printed for everyone; production refuses demo accounts


@dataclass(frozen=True)
class DemoAdmin:
    """The admin of the demo."""

    email: str
    name: str


@dataclass(frozen=True, kw_only=True)
class DemoSponsor:
    """A sponsor with a brand. Deposits are `(days ago, minor units)`."""

    key: str
    email: str
    person: str
    name: str
    industry: str
    description: str
    site: str
    brand: str
    country: str = "Germany"
    currency: str = "EUR"
    time_zone: str = "Europe/Berlin"
    products: tuple[tuple[str, str, int], ...] = ()
    deposits: tuple[tuple[int, int], ...] = ()
    days_ago: int = 90
    approved: bool = True


@dataclass(frozen=True, kw_only=True)
class DemoInfluencer:
    """An influencer. Accounts are `(platform, handle, followers, average engagement)`."""

    key: str
    name: str
    bio: str
    niches: tuple[str, ...]
    country: str
    language: str
    price: int
    accounts: tuple[tuple[str, str, int, int], ...]
    available: bool = True
    days_ago: int = 80

    @property
    def email(self) -> str:
        return f"{self.key}@accord.test"

    def lookalikes(self) -> list[AccountLine]:
        """Accounts that nobody has registered, for a machine without the published table."""
        return [
            AccountLine(
                platform=Platform(platform),
                handle=f"{handle}.fans",
                name=f"Friends of {self.name}",
                niches=self.niches,
                followers=followers // 7,
                audience_country=self.country,
                average_engagement=engagement // 9,
                authentic_engagement=engagement // 12,
            )
            for platform, handle, followers, engagement in self.accounts
        ]


@dataclass(frozen=True, kw_only=True)
class DemoCampaign:
    """A campaign, and what became of it. Days count from its making, fees in minor units.

    A story is `(influencer, days ago, fee, *steps)`; steps are methods of `seed_demo._Story`.
    """

    sponsor: str
    title: str
    description: str
    goals: str
    niches: tuple[str, ...]
    budget: int
    fees: tuple[int, int]
    days_ago: int
    starts_in: int
    ends_in: int
    deliverables: tuple[tuple[str, int], ...]
    phases: tuple[str, ...] = ()
    visibility: str = "public"
    published: bool = True
    commission: bool = False
    wanted: int = 5
    stories: tuple[tuple[Any, ...], ...] = ()
    afterwards: tuple[tuple[str, float], ...] = field(default=())


ADMIN = DemoAdmin("admin@accord.test", "Ada Admin")

SPONSORS = (
    DemoSponsor(
        key="moraine",
        email="sponsor@accord.test",
        person="Greta Holm",
        name="Moraine Outdoor",
        industry="Outdoor clothing",
        description="Clothing for the hut and the ridge, repaired for life.",
        site="https://moraine.example",
        brand="Moraine",
        products=(
            ("Trail jacket", "/trail-jacket", 18_900),
            ("Merino base layer", "/merino-base", 7_900),
            ("Hut sock", "/hut-sock", 1_900),
        ),
        deposits=((70, 3_000_000), (20, 1_500_000)),
    ),
    DemoSponsor(
        key="nordhag",
        email="nordhag@accord.test",
        person="Ola Nordhag",
        name="Nordhag Tea",
        industry="Food and drink",
        description="Tea from small gardens, blended in Bergen.",
        site="https://nordhag.example",
        brand="Nordhag",
        country="Norway",
        time_zone="Europe/Oslo",
        products=(("Winter tea", "/winter-tea", 1_400),),
        deposits=((45, 800_000),),
        days_ago=60,
    ),
    DemoSponsor(
        key="kite",
        email="kite@accord.test",
        person="Bea Klein",
        name="Kite & Clay",
        industry="Home and crafts",
        description="Pottery for people who cook.",
        site="https://kiteclay.example",
        brand="Kite & Clay",
        days_ago=3,
        approved=False,
    ),
    DemoSponsor(
        key="halm",
        email="halm@accord.test",
        person="Piet Halm",
        name="Halm Bikes",
        industry="Sport",
        description="City bikes of steel.",
        site="https://halm.example",
        brand="Halm",
        country="Netherlands",
        days_ago=1,
        approved=False,
    ),
)

INFLUENCERS = (
    DemoInfluencer(
        key="influencer",
        name="Linh Đặng",
        bio="Mountains at dawn, packing lists, honest tests of gear. Dresden and wherever it "
        "snows.",
        niches=("hiking", "travel", "photography"),
        country="Germany",
        language="de",
        price=120_000,
        accounts=(
            ("instagram", "linh.outside", 84_200, 3_900),
            ("youtube", "linhoutside", 21_400, 1_100),
        ),
    ),
    DemoInfluencer(
        key="tomas",
        name="Tomás Arrieta",
        bio="Trail running in the Basque country.",
        niches=("running", "fitness"),
        country="Spain",
        language="es",
        price=140_000,
        accounts=(("instagram", "tomas.corre", 132_000, 5_200),),
    ),
    DemoInfluencer(
        key="maja",
        name="Maja Kowalczyk",
        bio="48 hours in places with huts.",
        niches=("travel", "hiking"),
        country="Poland",
        language="pl",
        price=48_000,
        accounts=(
            ("instagram", "maja.szlak", 38_900, 2_700),
            ("tiktok", "majaszlak", 55_000, 4_400),
        ),
    ),
    DemoInfluencer(
        key="ayse",
        name="Ayşe Demir",
        bio="What I carry and why.",
        niches=("travel", "lifestyle"),
        country="Turkey",
        language="tr",
        price=90_000,
        accounts=(("instagram", "ayse.yolda", 71_000, 2_300),),
    ),
    DemoInfluencer(
        key="jonas",
        name="Jonas Feld",
        bio="Winter, skis, soup.",
        niches=("hiking", "cooking"),
        country="Austria",
        language="de",
        price=48_000,
        accounts=(("instagram", "feldwege", 29_400, 1_900),),
    ),
    DemoInfluencer(
        key="chloe",
        name="Chloé Marchand",
        bio="Une tasse, un livre.",
        niches=("books", "food"),
        country="France",
        language="fr",
        price=65_000,
        accounts=(("instagram", "chloe.lit", 51_700, 3_300),),
    ),
    DemoInfluencer(
        key="milan",
        name="Milan Kovář",
        bio="Bikes and bivouacs.",
        niches=("cycling", "travel"),
        country="Czechia",
        language="cs",
        price=40_000,
        accounts=(("instagram", "kovar.kolo", 18_200, 900),),
        available=False,
    ),
    DemoInfluencer(
        key="sofia",
        name="Sofia Lindqvist",
        bio="Slow mornings up north.",
        niches=("lifestyle", "home"),
        country="Sweden",
        language="sv",
        price=110_000,
        accounts=(("instagram", "sofia.norr", 96_300, 4_100), ("blog", "sofianorr", 12_000, 300)),
    ),
    DemoInfluencer(
        key="minh",
        name="Minh Trần",
        bio="Cà phê, phố và máy ảnh.",
        niches=("photography", "food"),
        country="Vietnam",
        language="vi",
        price=30_000,
        accounts=(("tiktok", "minh.phim", 210_000, 19_500),),
    ),
    DemoInfluencer(
        key="nora",
        name="Nora Olsen",
        bio="Knitting, wool, repair.",
        niches=("crafts", "sustainability"),
        country="Norway",
        language="no",
        price=55_000,
        accounts=(("youtube", "noraknits", 44_000, 2_600),),
    ),
)


CAMPAIGNS = (
    DemoCampaign(
        sponsor="moraine",
        title="Merino sock test",
        description="Ten days in the same socks. Say what they **really** smell like.",
        goals="Show that merino can be worn for days; sell 300 pairs.",
        niches=("hiking", "running"),
        budget=540_000,
        fees=(40_000, 90_000),
        days_ago=66,
        starts_in=3,
        ends_in=45,
        deliverables=(("Ten days, one reel", 100),),
        wanted=3,
        stories=(
            (
                "maja",
                63.0,
                48_000,
                "invite:Would you wear one pair for ten days?",
                "accepts:influencer",
                "4",
                "submits:Ten days in one pair, the honest end.",
                "approves:Lovely, the sniff test stays in.",
                "publishes:Csock1",
                "confirms",
                "rates:sponsor|5|On time, and she made us laugh.",
                "rates:influencer|5|Clear brief, paid when they said.",
            ),
            (
                "jonas",
                62.0,
                48_000,
                "apply:I ski in them anyway.",
                "accepts:sponsor",
                "6",
                "submits:Socks and soup.",
                "wants_changes:Please disclose in the first line.",
                "submits:Advertisement. Socks and soup.",
                "approves",
                "publishes:Csock2",
                "confirms",
                "rates:sponsor|4|Good work after one round of changes.",
            ),
            ("milan", 61.0, 40_000, "invite:Socks for bivouacs?", "rejects:influencer"),
        ),
        afterwards=(("complete", 12.0),),
    ),
    DemoCampaign(
        sponsor="moraine",
        title="First snow base layers",
        description="Base layers for the first snow. Three looks, no filters.",
        goals="Sell base layers before December; be found for *merino*.",
        niches=("hiking", "travel", "running"),
        budget=1_500_000,
        fees=(45_000, 160_000),
        days_ago=40,
        starts_in=5,
        ends_in=49,
        deliverables=(("48 hours in the Tatras", 60), ("Story set of 5", 40)),
        phases=("Before the snow", "In the snow"),
        commission=True,
        stories=(
            (
                "maja",
                34.0,
                80_000,
                "invite:48 hours, one hut, your words.",
                "raises:For two formats I need a little more.",
                "accepts:sponsor",
                "7",
                "submits:Hut at dusk, layers on the line.",
                "approves",
                "27.0",
            ),
            (
                "tomas",
                2.2,
                120_000,
                "apply:I run the first snow every year.",
                "meets:We would start here.",
                "raises:My reach justifies 1,440 and 8 %.",
            ),
            (
                "jonas",
                21.0,
                60_000,
                "apply:Winter is mine.",
                "accepts:sponsor",
                "5",
                "submits:Layers for soup weather.",
                "approves",
                "publishes:Csnow9",
                "says:influencer|It is live, the hut is full.",
                "confirms",
            ),
            ("sofia", 9.0, 110_000, "invite:Snow from your window?", "withdraws:sponsor"),
            ("minh", 12.0, 30_000, "invite:First snow for somebody who never saw it?"),
        ),
    ),
    DemoCampaign(
        sponsor="moraine",
        title="Autumn trail jackets",
        description="One jacket, one ridge, three layers. Show the repair, not the studio.",
        goals="Tell *repair for life*; bring 2,000 people to the jacket.",
        niches=("hiking", "photography"),
        budget=1_800_000,
        fees=(80_000, 250_000),
        days_ago=30,
        starts_in=2,
        ends_in=53,
        deliverables=(
            ("Packing list, carousel", 33),
            ("Three layers, one ridge, reel", 36),
            ("Hut evening, story set of 5", 31),
        ),
        phases=("On the trail", "In the hut", "Back home"),
        commission=True,
        stories=(
            (
                "influencer",
                18.0,
                140_000,
                "invite:Would you take the jacket up a ridge?",
                "raises:Three formats are three days of work.",
                "meets:We meet you half-way, story set instead of a post.",
                "accepts:influencer",
                "2",
                "submits:Everything in 28 litres.",
                "approves:Exactly that.",
                "publishes:Cpack1",
                "confirms",
                "8.6",
                "submits:Advertisement. Minus six at the hut, plus eight by noon.",
                "wants_changes:Please crop the pole logo at 0:14.",
                "says:influencer|Draft 2 is up. I cut the tent scene and re-recorded the line "
                "about repairs.",
                "says:sponsor|Thank you. I will look at it on Sunday morning.",
                "submits:Advertisement · Moraine. Three layers did the whole ridge; the seam I "
                "tore in March was mended for nothing.",
                "says:influencer|One thing: may I post at 19:00 rather than 18:00?",
            ),
            (
                "ayse",
                22.0,
                90_000,
                "apply:I carry everything twice.",
                "accepts:sponsor",
                "3",
                "submits:What I carry.",
                "approves",
                "publishes:Ccarry",
                "1",
                "disputes:The post went live without the disclosure and the logo of another "
                "maker is in three frames.",
            ),
            ("chloe", 1.5, 65_000, "apply:A jacket that fits a book."),
            ("nora", 1.0, 88_000, "apply:I can mend it on camera."),
            ("tomas", 0.8, 150_000, "apply:Ridges are what I run."),
        ),
    ),
    DemoCampaign(
        sponsor="moraine",
        title="Repair week",
        description="Bring a torn jacket, leave with a mended one.",
        goals="Bring people to the repair desk.",
        niches=("sustainability", "crafts"),
        budget=400_000,
        fees=(30_000, 80_000),
        days_ago=25,
        starts_in=3,
        ends_in=60,
        deliverables=(("Mending, long video", 100),),
        stories=(("nora", 20.0, 74_000, "invite:Mend with us?", "accepts:influencer"),),
        afterwards=(("pause", 2.0),),
    ),
    DemoCampaign(
        sponsor="moraine",
        title="Hut-to-hut 2027",
        description="Seven huts, seven days, seven people. Applications are open.",
        goals="A summer film of seven parts.",
        niches=("hiking", "travel", "photography"),
        budget=2_200_000,
        fees=(80_000, 120_000),
        days_ago=6,
        starts_in=56,
        ends_in=200,
        deliverables=(("One hut, one film", 70), ("Three photographs", 30)),
        wanted=7,
        stories=(
            ("maja", 2.6, 90_000, "apply:I know four of the huts."),
            ("milan", 2.0, 80_000, "apply:I would come by bike."),
        ),
    ),
    DemoCampaign(
        sponsor="moraine",
        title="Spring shells",
        description="",
        goals="Not written yet.",
        niches=("hiking",),
        budget=600_000,
        fees=(30_000, 60_000),
        days_ago=2,
        starts_in=110,
        ends_in=150,
        deliverables=(("Reel", 100),),
        published=False,
    ),
    DemoCampaign(
        sponsor="nordhag",
        title="Winter tea, second round",
        description="A pot, a window, your evening.",
        goals="Be the tea of the dark months.",
        niches=("food", "lifestyle", "books"),
        budget=600_000,
        fees=(30_000, 70_000),
        days_ago=20,
        starts_in=2,
        ends_in=80,
        deliverables=(("One evening, one post", 100),),
        commission=True,
        stories=(
            ("influencer", 1.6, 45_000, "invite:Tea for after the ridge?"),
            (
                "chloe",
                15.0,
                65_000,
                "invite:A cup and a book?",
                "accepts:influencer",
                "4",
                "submits:Une tasse, un livre.",
                "approves",
                "publishes:Ctea01",
                "confirms",
                "rates:influencer|5|They let me write it my way.",
                "rates:sponsor|5|Sold out in two days.",
            ),
            (
                "sofia",
                10.0,
                60_000,
                "assign:The admin suggests Sofia for this one.",
            ),
        ),
    ),
    DemoCampaign(
        sponsor="nordhag",
        title="Tasting circle",
        description="By invitation. Twelve teas before anyone else.",
        goals="Feedback, and three honest posts.",
        niches=("food",),
        visibility="private",
        budget=150_000,
        fees=(20_000, 40_000),
        days_ago=8,
        starts_in=4,
        ends_in=40,
        deliverables=(("Tasting notes", 100),),
        wanted=3,
        stories=(("minh", 2.4, 30_000, "invite:Twelve teas by post, your notes in public?"),),
    ),
)
