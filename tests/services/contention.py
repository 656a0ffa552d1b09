"""Let several processes do the same thing at the same moment, against the same services."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.services.standing import dismiss, stand_by


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
    contenders = stand_by("tests.services.contender", environ, len(each))
    order = {"target": target, "times": times, "threads": threads}
    try:
        for contender, own in zip(contenders, each, strict=True):
            contender.tell(json.dumps({**order, "arguments": dict(own)}))
        for contender in contenders:
            assert contender.hear() == "ready"
        for contender in contenders:
            contender.tell("go")
        return [result for contender in contenders for result in json.loads(contender.hear())]
    except BaseException:
        dismiss()
        raise
