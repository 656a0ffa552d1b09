"""A process of its own that does one thing many times, with several threads at once.

`python -m tests.services.contender` says `ready`, then reads orders from its standard input, one
JSON a line: `{"target": "module:function", "arguments": {...}, "times": n, "threads": n}`. To each
it says `ready` again, waits for a line, calls the function and prints what came of it, as one JSON
list. A refusal is printed as `{"refused": type}`.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from app import create_app
from app.core.errors import DomainError
from app.core.extensions import db


def main() -> None:
    """Do what is asked for until the input ends."""
    app = create_app()
    print("ready", flush=True)
    while line := sys.stdin.readline():
        order = json.loads(line)
        module, _, name = order["target"].partition(":")
        function: Callable[..., Any] = getattr(importlib.import_module(module), name)
        print("ready", flush=True)
        sys.stdin.readline()
        with ThreadPoolExecutor(order["threads"]) as pool:
            calls = [
                pool.submit(call, app, function, order["arguments"]) for _ in range(order["times"])
            ]
        print(json.dumps([done.result() for done in calls]), flush=True)


def call(app: Flask, function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """What the function returns, or how it refused."""
    with app.app_context():
        try:
            return function(**arguments)
        except DomainError as error:
            return {"refused": error.type}
        finally:
            db.session.remove()


if __name__ == "__main__":
    main()
