"""The operations of the API document, and how the people of the access matrix ask them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.api.matrix_world import NOBODY, Objects

PARAMETER = re.compile(r"{(\w+)}")
SAFE = ("get", "head")
# The mailbox that stands in for real mail; tests have a mail server, so there is none.
DEVELOPMENT_ONLY = "/api/v1/public/mailbox"


@dataclass(frozen=True)
class Operation:
    """One operation: where it is, who may call it, and what the document says about it."""

    method: str
    path: str
    rule: dict[str, Any]
    description: dict[str, Any]

    @property
    def surface(self) -> str:
        """The part of the API that it belongs to."""
        return self.path.split("/")[3]

    @property
    def parameters(self) -> list[str]:
        """The names in its path."""
        return PARAMETER.findall(self.path)

    @property
    def writes(self) -> bool:
        """Whether it may change anything."""
        return self.method not in SAFE

    @property
    def is_public(self) -> bool:
        """Whether anyone may call it."""
        return bool(self.rule["roles"] == ["anyone"])

    def address(self, objects: Mapping[str, str]) -> str:
        """Its path with the ids of `objects`."""
        return PARAMETER.sub(lambda found: objects.get(found.group(1), NOBODY), self.path)

    def asked_as(self, caller: str) -> str:
        """Whose objects are meant: those of the surface, on the account's those of the caller."""
        if self.surface == "account":
            if "admin" in caller:
                return "admin's account"
            return "influencer" if "influencer" in caller else "sponsor"
        return "influencer" if "/public/influencers" in self.path else self.surface

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """All operations; whatever removes goes last, since files do not come back with the rows."""
    found = [
        Operation(method, path, operation["x-access"], operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters" and not path.startswith(DEVELOPMENT_ONLY)
    ]
    return sorted(found, key=lambda operation: operation.method == "delete")


def caller_of(operation: Operation) -> str:
    """Someone of side A who may call it."""
    roles = operation.rule["roles"]
    if operation.is_public:
        return "anonymous"
    return {"admin": "admin", "sponsor": "sponsor A", "influencer": "influencer A"}[
        roles[len(roles) // 2]
    ]


def objects_of(operation: Operation, caller: str, side: Any) -> Objects:
    """The ids that `caller` would put into its path."""
    found: Objects = side.objects(operation.asked_as(caller))
    return found
