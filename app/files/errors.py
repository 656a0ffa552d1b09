"""Refusals of files."""

from app.core.errors import Conflict, DomainError


class FileTooLarge(DomainError):
    type = "too-large"
    title = "This file is too large"
    status = 413


class TooManyUnused(Conflict):
    type = "too-many-unused-files"
    title = "Too many uploaded files wait to be used"
