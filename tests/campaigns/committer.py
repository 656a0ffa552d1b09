"""A process that commits to a campaign's budget from several threads at once.

`python -m tests.campaigns.committer CAMPAIGN AMOUNT THREADS GO` says `ready`, waits for the file GO
and prints how many of its attempts were taken and how many refused.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from pathlib import Path

from flask import Flask

from app import create_app
from app.campaigns import service
from app.campaigns.errors import OverBudget
from app.core.transaction import unit_of_work


def attempt(app: Flask, campaign_id: str, amount: int, go: threading.Event) -> str:
    """Commit once; how it ended."""
    with app.app_context():
        go.wait()
        try:
            unit_of_work(lambda: service.commit_budget(campaign_id, amount))
        except OverBudget:
            return "refused"
        return "taken"


def main(campaign_id: str, amount: int, threads: int, signal: Path) -> None:
    app = create_app()
    go = threading.Event()
    outcomes: list[str] = []
    workers = [
        threading.Thread(
            target=lambda: outcomes.append(attempt(app, campaign_id, amount, go)), daemon=True
        )
        for _ in range(threads)
    ]
    for worker in workers:
        worker.start()
    print("ready", flush=True)
    while not signal.exists():
        time.sleep(0.005)
    go.set()
    for worker in workers:
        worker.join()
    print(dict(Counter(outcomes)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
