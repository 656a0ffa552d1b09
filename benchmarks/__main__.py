"""python -m benchmarks [NAME]: run all benchmarks, or one."""

from __future__ import annotations

import logging
import os
import sys

from benchmarks import clicks, list_page, postings, redirect, report

ROWS = int(os.environ.get("ACCORD_BENCH_ROWS", "100000"))
BENCHMARKS = {
    "list_page": lambda: list_page.run(ROWS),
    "postings": postings.run,
    "redirect": redirect.run,
    "clicks": clicks.run,
    "report": report.run,
}


def main() -> int:
    """Run what was asked for; 2 where there is no such benchmark."""
    logging.disable(logging.WARNING)
    names = sys.argv[1:] or list(BENCHMARKS)
    for name in names:
        if name not in BENCHMARKS:
            print(f"no benchmark {name}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
            return 2
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
