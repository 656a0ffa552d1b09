"""A short-lived process that sets one paper: data as JSON comes in, the PDF goes out.

`python typesetting.py TEMPLATE FOLDER < data > pdf`. It imports nothing of Accord, so that it
starts at once, and ends with what typst keeps in memory for each document.
"""

from __future__ import annotations

import resource
import sys

import typst

MEMORY_BYTES = 2 * 1024**3


def main(template: str, folder: str) -> None:
    """Set `template`, which may read nothing outside `folder`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    made = typst.compile(
        template,
        root=folder,
        sys_inputs={"data": sys.stdin.buffer.read().decode()},
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
