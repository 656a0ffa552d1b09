"""Run the browser journeys against an instance of their own.

`python -m tests.services.journeys [arguments of playwright test]` starts `run.py` with the demo on
a free port and a temporary ACCORD_HOME, runs Playwright on it, ends it, and returns the exit code
of Playwright. Pictures that it took are left in docs/screens as small palette PNGs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from tests.services.instance import Instance
from tests.services.processes import ROOT

COLOURS = 128
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def browser() -> str | None:
    """The Chromium to drive: CHROMIUM_PATH, else one on the PATH."""
    chosen = os.environ.get("CHROMIUM_PATH")
    return chosen or next((found for name in BROWSERS if (found := shutil.which(name))), None)


def shrink(pictures: Path) -> None:
    """Give each new picture a palette: a third of the bytes, and nobody sees it."""
    for path in sorted(pictures.rglob("*.png")):
        with Image.open(path) as picture:
            if picture.mode == "P":
                continue
            small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


def main(arguments: list[str]) -> int:
    """Exit code of the journeys."""
    chromium = browser()
    if chromium is None:
        print("No Chromium: install the package chromium, or set CHROMIUM_PATH.", file=sys.stderr)
        return 1
    frontend = ROOT / "frontend"
    with tempfile.TemporaryDirectory(prefix="accord-journeys-", dir="/tmp") as folder:
        instance = Instance(
            Path(folder) / "home",
            FRONTEND_DIST=os.environ.get("FRONTEND_DIST") or str(frontend / "dist"),
            ACCORD_SEED="demo",
            MANUAL_BANK_DETAILS="name=Accord Ltd; iban=DE02120300000000202051",
            DEMO_ACCOUNTS="true",
            RATE_LIMITS="false",
        )
        try:
            instance.start()
            done = subprocess.run(
                ["npx", "playwright", "test", *arguments],
                cwd=frontend,
                env={**os.environ, "ACCORD_URL": instance.url, "CHROMIUM_PATH": chromium},
                check=False,
            )
        except AssertionError as fault:
            print(fault, file=sys.stderr)
            return 1
        finally:
            instance.clean_up()
        shrink(ROOT / "docs" / "screens")
        if done.returncode:
            print(instance.complaints(), file=sys.stderr)
        return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
