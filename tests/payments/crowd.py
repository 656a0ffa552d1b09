"""A process of its own that asks for withdrawals with several threads at once.

`python -m tests.payments.crowd TOKEN AMOUNT TIMES KEY` says `ready`, waits for a line, asks TIMES
times and prints how often each status came. KEY is one key for all, or `-` for a new one each.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from app import create_app

THREADS = 5


def main(token: str, amount: int, times: int, key: str) -> None:
    """Ask, and report."""
    app = create_app()

    def ask(_number: int) -> tuple[int, str]:
        answer = app.test_client().post(
            "/api/v1/influencer/withdrawals",
            json={"amount": {"amount": amount, "currency": "EUR"}},
            headers={
                "Authorization": f"Bearer {token}",
                "Idempotency-Key": uuid.uuid4().hex if key == "-" else key,
            },
        )
        return answer.status_code, answer.json.get("id") or answer.json["type"]

    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(ask, range(times)))
    statuses = Counter(status for status, _ in answers)
    print(json.dumps({"statuses": statuses, "answers": sorted({name for _, name in answers})}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
