"""Refusals of statistics."""

from __future__ import annotations

from app.core.errors import Conflict


class NotPublished(Conflict):
    """The deliverable has no post that could have figures."""

    type = "not-published"
    title = "This is not published yet"


class CorrectedAlready(Conflict):
    """Another correction was first, or the figures are somebody else's."""

    type = "corrected-already"
    title = "These figures cannot be corrected"


class TooManyFigures(Conflict):
    type = "too-many-figures"
    title = "This post has too many figures already"
