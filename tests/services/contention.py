"""Let several processes do the same thing at the same moment, against the same services."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from tests.services.processes import ROOT


def contend(
    environ: Mapping[str, str],
    target: str,
    arguments: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    *,
    processes: int = 2,
    times: int = 1,
    threads: int = 1,
) -> list[Any]:
    """What came of `target` (`module:function`), called `times` times in each process.

    `arguments` are those of every process, or a list with those of each. All start together, when
    each has built its app. The results of one process stand together, in its order.
    """
    each = [arguments] * processes if isinstance(arguments, Mapping) else list(arguments)
    command = [sys.executable, "-m", "tests.services.contender", target]
    started = [
        subprocess.Popen(
            [*command, json.dumps(dict(own)), str(times), str(threads)],
            cwd=ROOT,
            env=dict(environ),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for own in each
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline() == "ready\n", process.stderr.read()
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        results = []
        for process in started:
            output, errors = process.communicate(timeout=120)
            assert process.returncode == 0, errors
            results += json.loads(output)
        return results
    finally:
        for process in started:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()
