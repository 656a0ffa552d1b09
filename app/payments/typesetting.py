"""A short-lived process that sets one paper: data as JSON comes in, the PDF goes out.

`python typesetting.py TEMPLATE FOLDER [FONTS] < data > pdf`. It imports nothing of Accord, so that
it starts at once, and ends with what typst keeps in memory for each document.
"""

from __future__ import annotations

import resource
import sys

import typst

MEMORY_BYTES = 2 * 1024**3


def main(template: str, folder: str, fonts: str = "") -> None:
    """Set `template`, which may read nothing outside `folder`.

    Beside the built-in fonts it takes those of `fonts`; a letter that none has is a box.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    made = typst.compile(
        template,
        root=folder,
        sys_inputs={"data": sys.stdin.buffer.read().decode()},
        # The fonts of the machine would make other papers on another one.
        ignore_system_fonts=True,
        font_paths=[fonts] if fonts else [],
    )
    assert isinstance(made, bytes)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
