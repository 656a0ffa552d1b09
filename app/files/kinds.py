"""What a file is, by its bytes. Names and declared types of uploads are not believed."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST_NAME = 200

# Extensions that a file of this type may keep; the first is given to all others.
EXTENSIONS = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "application/pdf": (".pdf",),
    "video/mp4": (".mp4", ".m4v"),
    "text/plain": (".txt", ".csv", ".md", ".srt", ".vtt", ".json", ".log"),
}

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_MP4_BRANDS = re.compile(rb"isom|iso[2-9m]|mp4[12]|avc1|M4V |M4VP|dash|MSNV|mmp4")
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\"/\\<>|:*?]")


def kind_of(content: bytes) -> str | None:
    """The content type of `content`, or None when it is nothing that is taken."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return "video/mp4" if _MP4_BRANDS.match(content[8:12]) else None
    return "text/plain" if _is_text(content) else None


def safe_name(given: str, kind: str) -> str:
    """The name to keep: the last part of `given`, printable, bounded, with an extension of `kind`.

    >>> safe_name("../../in<voice>.exe", "application/pdf")
    'invoice.pdf'
    """
    last = re.split(r"[/\\]", given)[-1]
    well_formed = last.encode("utf-8", "ignore").decode()
    clean = _NOT_IN_NAMES.sub("", unicodedata.normalize("NFC", well_formed)).strip(" .")
    path = PurePosixPath(clean or "file")
    allowed = EXTENSIONS[kind]
    extension = path.suffix.lower() if path.suffix.lower() in allowed else allowed[0]
    stem = path.stem if path.suffix else path.name
    return (stem or "file")[: LONGEST_NAME - len(extension)] + extension


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not _NOT_IN_TEXT.search(text)
