"""Who lives in the demo world. All of them are made up."""

from __future__ import annotations

from dataclasses import dataclass

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
