"""A process of its own that asks for withdrawals with several threads at once.

Each line of its input is one round, `{"token", "amount", "times", "key"}`; it answers with a line
that counts the statuses and lists the ids or problems. Without a key each request has a new one.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from app import create_app

THREADS = 5


def main() -> None:
    """Say `ready`, then answer round after round until the input ends."""
    app = create_app()
    print("ready", flush=True)

    def ask(order: dict[str, Any]) -> tuple[int, str]:
        answer = app.test_client().post(
            "/api/v1/influencer/withdrawals",
            json={"amount": {"amount": order["amount"], "currency": "EUR"}},
            headers={
                "Authorization": f"Bearer {order['token']}",
                "Idempotency-Key": order["key"] or uuid.uuid4().hex,
            },
        )
        body = answer.json or {}
        return answer.status_code, body.get("id") or body["type"]

    with ThreadPoolExecutor(THREADS) as pool:
        for line in sys.stdin:
            order = json.loads(line)
            answers = list(pool.map(ask, [order] * order["times"]))
            statuses = Counter(status for status, _ in answers)
            names = sorted({name for _, name in answers})
            print(json.dumps({"statuses": statuses, "answers": names}), flush=True)


if __name__ == "__main__":
    main()
