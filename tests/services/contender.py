"""A process of its own that does one thing many times, with several threads at once.

`python -m tests.services.contender MODULE:FUNCTION ARGUMENTS TIMES THREADS` builds the app, says
`ready`, waits for a line, calls FUNCTION(**ARGUMENTS) TIMES times and prints what came of it, as
one JSON list. A refusal is printed as `{"refused": type}`.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from app import create_app
from app.core.errors import DomainError
from app.core.extensions import db


def main(target: str, arguments: str, times: int, threads: int) -> None:
    """Do it, and report."""
    app = create_app()
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    values: dict[str, Any] = json.loads(arguments)

    def once(_number: int) -> Any:
        with app.app_context():
            try:
                return function(**values)
            except DomainError as error:
                return {"refused": error.type}
            finally:
                db.session.remove()

    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(threads) as pool:
        results = list(pool.map(once, range(times)))
    print(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
