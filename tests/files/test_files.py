"""Uploads: what is taken, how it is kept, who reads it."""

from __future__ import annotations

import gc
import hashlib
import struct
import warnings
import zlib
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from PIL import Image

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.files import service
from app.files.kinds import kind_of, safe_name
from app.files.models import StoredFile
from tests.factories.identity import Person, SignedIn, make_influencer

FILES = "/account/files"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
MP4 = struct.pack(">I", 24) + b"ftypisom" + b"\0\0\2\0isomiso2" + b"\0" * 64


def picture(kind: str = "PNG", size: tuple[int, int] = (12, 8), **more: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **more)
    return out.getvalue()


def send(signed_in: SignedIn, content: bytes, name: str = "file", **more: Any) -> Any:
    return signed_in.post(FILES, data={"file": (BytesIO(content), name, *more.values())})


@pytest.fixture
def _sloppy_parser() -> Iterator[None]:
    """A form that is cut off leaves its temporary file to the garbage collector."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def stored(app: Flask) -> list[Path]:
    folder = Path(app.config["ACCORD"].files_url.removeprefix("file://"))
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def person(app: Flask) -> Person:
    return make_influencer()


@pytest.fixture
def reader() -> Iterator[dict[str, set[str | None]]]:
    """Who may read things of the kind `note`; tests say so by id."""
    allowed: dict[str, set[str | None]] = {}
    service.register_reader("note", lambda actor, note: actor.user_id in allowed.get(note, set()))
    yield allowed
    service._readers.pop("note")


# --- what is taken ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (picture("GIF"), "image/png"),
        (PDF, "application/pdf"),
        (MP4, "video/mp4"),
        ("Tiếng Việt,1\r\n\tß 💥\n".encode(), "text/plain"),
        (b"\xef\xbb\xbfwith a mark", "text/plain"),
        (b"<html><script>alert(1)</script>", "text/plain"),
        (b"<svg onload=alert(1)>", "text/plain"),
        (b"#!/bin/sh\nrm -rf /\n", "text/plain"),
    ],
)
def test_a_file_is_taken_for_what_its_bytes_are(person: Person, content: bytes, kind: str):
    signed_in = SignedIn(person)
    answer = send(signed_in, content, "picture.png", type="image/png")
    assert answer.status_code == 201
    assert answer.json["content_type"] == kind
    assert answer.headers["Location"].endswith(answer.json["id"])
    got = signed_in.get(f"{FILES}/{answer.json['id']}/content")
    assert got.mimetype == kind
    assert len(got.data) == answer.json["size"]
    assert hashlib.sha256(got.data).hexdigest() == answer.json["sha256"]
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    inline = got.headers["Content-Disposition"].startswith("inline")
    assert inline is kind.startswith("image/")
    if not kind.startswith("image/"):
        assert got.data == content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00 an exe",
        b"\x7fELF\x02\x01\x01\x00",
        b"PK\x03\x04 a zip\x00",
        b"\x1f\x8b\x08\x00 gzip",
        b"\xff\xfe\x00\x00 utf-32",
        "half a character: ü".encode("latin-1"),
        b"text with a NUL \x00 in it",
        b"\x00\x00\x00\x18ftypqt  " + b"\0" * 40,
        b"\x1aE\xdf\xa3 matroska\x00",
        b"BM\x00\x00 a bitmap\x00",
        b"RIFF\x00\x00\x00\x00AVI \x00",
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_else_is_taken(person: Person, content: bytes):
    answer = send(SignedIn(person), content, "harmless.png", type="image/png")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["file"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff",
        b"\xff\xd8\xff" + b"\0" * 5000,
        picture("JPEG", (200, 200))[:60],
        b"\x89PNG\r\n\x1a\n" + b"garbage" * 9,
        picture("PNG", (500, 500))[:-200],
        b"GIF89a" + b"\xff" * 100,
        b"RIFF\x10\x00\x00\x00WEBPVP8 \x00\x00\x00\x00",
        picture("WEBP", (100, 100))[:40],
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_broken_picture_is_refused(app: Flask, person: Person, content: bytes):
    before = len(stored(app))
    answer = send(SignedIn(person), content, "a.png")
    assert answer.status_code == 422
    assert len(stored(app)) == before


def bomb(side: int) -> bytes:
    """A small PNG that says it is `side` pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [6_400, 50_000, 2_000_000_000])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_picture_that_would_fill_the_memory_is_refused(person: Person, side: int):
    answer = send(SignedIn(person), bomb(side), "small.png")
    assert answer.status_code == 422


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_text_chunk_that_unpacks_without_end_is_refused(person: Person):
    out = picture("PNG")
    body = b"zTXta\0\0" + zlib.compress(b"x" * 80_000_000)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    answer = send(SignedIn(person), out[:33] + chunk + out[33:], "small.png")
    assert answer.status_code in (201, 422)


def test_a_picture_is_drawn_anew(person: Person):
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # lies on its side
    hidden = b"<?php system($_GET['c']); ?>"
    content = picture("JPEG", (40, 20), exif=exif) + hidden
    signed_in = SignedIn(person)
    answer = send(signed_in, content, "me.jpg").json
    got = signed_in.get(f"{FILES}/{answer['id']}/content").data
    assert b"SecretCamera" not in got
    assert hidden not in got
    with Image.open(BytesIO(got)) as image:
        assert image.size == (20, 40)
    assert (answer["width"], answer["height"]) == (20, 40)


def test_a_large_picture_is_made_smaller(person: Person):
    answer = send(SignedIn(person), picture("PNG", (6000, 300)), "wide.png").json
    assert (answer["width"], answer["height"]) == (4096, 205)


def test_see_through_pictures_stay_see_through(person: Person):
    out = BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(out, "PNG")
    signed_in = SignedIn(person)
    answer = send(signed_in, out.getvalue()).json
    with Image.open(BytesIO(signed_in.get(f"{FILES}/{answer['id']}/content").data)) as image:
        assert image.mode == "RGBA"


@pytest.mark.usefixtures("_sloppy_parser")
def test_ten_mebibytes_are_taken_and_not_a_byte_more(app: Flask, person: Person):
    signed_in = SignedIn(person)
    fits = PDF + b"x" * (service.LARGEST - len(PDF))
    assert send(signed_in, fits, "a.pdf").status_code == 201
    before = len(stored(app))
    for larger in (fits + b"x", fits + b"x" * 200_000):
        answer = send(signed_in, larger, "a.pdf")
        assert (answer.status_code, answer.json["type"]) == (413, "too-large")
    assert len(stored(app)) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_other_bodies_stay_within_one_mebibyte(person: Person):
    body = {"bio": "x" * 1_100_000}
    assert SignedIn(person).patch("/influencer/profile", body).status_code == 413


@pytest.mark.usefixtures("_sloppy_parser")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_malformed_form_is_refused(person: Person):
    signed_in = SignedIn(person)
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    tried = [
        signed_in.post(FILES),
        signed_in.post(FILES, {"file": "text"}),
        signed_in.post(FILES, data={"file": "no file"}),
        signed_in.post(FILES, data={"other": (BytesIO(PDF), "a.pdf")}),
        signed_in.post(FILES, data=b"--x\r\nnonsense", headers=kind),
        signed_in.post(FILES, data=b"", headers=kind),
        signed_in.post(FILES, data=b"--y--", headers={"Content-Type": "multipart/form-data"}),
        signed_in.post(FILES, data=PDF, headers={"Content-Type": "application/pdf"}),
    ]
    assert {answer.status_code for answer in tried} <= {400, 413, 415, 422}
    many = {f"file{n}": (BytesIO(PDF), "a.pdf") for n in range(20)}
    assert signed_in.post(FILES, data=many).status_code in (413, 422)


@pytest.mark.parametrize(
    ("given", "kind", "kept"),
    [
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("C:\\Users\\me\\cv.pdf", "application/pdf", "cv.pdf"),
        ("invoice.exe", "application/pdf", "invoice.pdf"),
        ("data.csv", "text/plain", "data.csv"),
        ("page.html", "text/plain", "page.txt"),
        ("photo.PNG", "image/png", "photo.png"),
        ("", "image/png", "file.png"),
        (".", "image/png", "file.png"),
        ("...", "text/plain", "file.txt"),
        (".htaccess", "text/plain", "htaccess.txt"),
        ("a\r\nSet-Cookie: x=1", "text/plain", "aSet-Cookie x=1.txt"),
        ('a".pdf; filename="b.exe', "application/pdf", "a.pdf; filename=b.pdf"),
        ("\u202egnp.exe", "image/png", "gnp.png"),
        ("Đơn hàng.pdf", "application/pdf", "Đơn hàng.pdf"),
        ("x" * 500 + ".pdf", "application/pdf", "x" * 196 + ".pdf"),
        ("\ud800.pdf", "application/pdf", "pdf.pdf"),
    ],
)
def test_a_name_is_made_harmless(given: str, kind: str, kept: str):
    assert safe_name(given, kind) == kept


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_name_of_any_language_comes_back_with_the_download(person: Person):
    signed_in = SignedIn(person)
    made = send(signed_in, PDF, "Đơn hàng.pdf").json
    assert made["name"] == "Đơn hàng.pdf"
    header = signed_in.get(f"{FILES}/{made['id']}/content").headers["Content-Disposition"]
    assert "filename*=UTF-8''%C4%90%C6%A1n%20h%C3%A0ng.pdf" in header


def test_nothing_is_taken_for_an_mp4_by_its_name_alone():
    assert kind_of(b"\0\0\0\x18ftypXXXX" + b"\0" * 20) is None
    assert kind_of(MP4) == "video/mp4"


# --- how it is kept -----------------------------------------------------------------------------


def test_the_stored_name_says_nothing(app: Flask, person: Person):
    before = set(stored(app))
    send(SignedIn(person), PDF, "../../salary.pdf")
    (made,) = set(stored(app)) - before
    assert "salary" not in str(made)
    assert made.read_bytes() == PDF


def test_a_part_of_a_file_can_be_asked_for(person: Person):
    signed_in = SignedIn(person)
    path = f"{FILES}/{send(signed_in, MP4).json['id']}/content"
    part = signed_in.get(path, headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.data) == (206, b"ftypisom")
    assert part.headers["Content-Range"] == f"bytes 4-11/{len(MP4)}"
    assert signed_in.get(path, headers={"Range": "bytes=9999-"}).status_code == 416
    assert signed_in.get(path, headers={"Range": "bytes=nonsense"}).status_code in (200, 416)
    tag = signed_in.get(path).headers["ETag"]
    assert signed_in.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_what_nobody_used_is_dropped_after_a_day(app: Flask, person: Person, reader: Any):
    before = len(stored(app))
    unused, used = send(SignedIn(person), PDF).json["id"], send(SignedIn(person), PDF).json["id"]
    hang(person, used)
    assert service.expire_unused() == 0
    with time_machine.travel(now() + timedelta(hours=25)):
        assert service.expire_unused() == 1
        assert service.expire_unused() == 0
    left = list(db.session.scalars(db.select(StoredFile.id)))
    db.session.rollback()
    assert left == [used]
    assert unused not in left
    assert len(stored(app)) == before + 1


def test_a_file_that_is_not_used_can_be_deleted_by_its_owner(
    app: Flask, person: Person, reader: Any
):
    signed_in, stranger = SignedIn(person), SignedIn(make_influencer())
    path = f"{FILES}/{send(signed_in, PDF).json['id']}"
    before = len(stored(app))
    assert stranger.delete(path).status_code == 404
    assert signed_in.delete(path).status_code == 204
    assert signed_in.get(path).status_code == 404
    assert len(stored(app)) == before - 1
    used = send(signed_in, PDF).json["id"]
    hang(person, used)
    assert signed_in.delete(f"{FILES}/{used}").status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_hundred_unused_files_are_enough(person: Person, monkeypatch: Any):
    monkeypatch.setattr(service, "MOST_UNUSED", 3)
    signed_in = SignedIn(person)
    for _ in range(3):
        assert send(signed_in, PDF).status_code == 201
    assert send(signed_in, PDF).json["type"] == "too-many-unused-files"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_bytes_that_are_gone_are_not_found(app: Flask, person: Person):
    signed_in = SignedIn(person)
    before = set(stored(app))
    path = f"{FILES}/{send(signed_in, PDF).json['id']}/content"
    (made,) = set(stored(app)) - before
    made.unlink()
    assert signed_in.get(path).status_code == 404


# --- who reads it -------------------------------------------------------------------------------


def hang(person: Person, *file_ids: str, note: str = "not_1") -> list[StoredFile]:
    return unit_of_work(
        lambda: service.attach(
            person.actor, file_ids=file_ids, subject_type="note", subject_id=note
        )
    )


def test_who_may_read_the_thing_may_read_the_file(person: Person, reader: Any):
    friend, stranger = make_influencer(), make_influencer()
    reader["not_1"] = {friend.user_id}
    file_id = send(SignedIn(person), PDF).json["id"]
    for path in (f"{FILES}/{file_id}", f"{FILES}/{file_id}/content"):
        assert SignedIn(friend).get(path).status_code == 404
    hang(person, file_id)
    for path in (f"{FILES}/{file_id}", f"{FILES}/{file_id}/content"):
        assert SignedIn(person).get(path).status_code == 200
        assert SignedIn(friend).get(path).status_code == 200
        assert SignedIn(stranger).get(path).status_code == 404
    reader["not_1"].clear()
    assert SignedIn(friend).get(f"{FILES}/{file_id}").status_code == 404


def test_a_file_that_hangs_on_something_nobody_knows_is_for_its_owner(person: Person):
    file_id = send(SignedIn(person), PDF).json["id"]
    unit_of_work(
        lambda: service.attach(
            person.actor, file_ids=[file_id], subject_type="mystery", subject_id="x"
        )
    )
    assert SignedIn(make_influencer()).get(f"{FILES}/{file_id}").status_code == 404
    assert SignedIn(person).get(f"{FILES}/{file_id}").status_code == 200


def test_nobody_outside_reads_a_file_that_is_not_public(client: Any, person: Person, reader: Any):
    file_id = send(SignedIn(person), PDF).json["id"]
    hang(person, file_id)
    assert client.get(f"/api/v1{FILES}/{file_id}/content").status_code == 401
    assert client.get(f"/api/v1/public/files/{file_id}").status_code == 404


def test_only_own_unused_files_can_be_hung_up(person: Person, reader: Any):
    other = make_influencer()
    mine, theirs = send(SignedIn(person), PDF).json["id"], send(SignedIn(other), PDF).json["id"]
    for wrong in ([theirs], [mine, theirs], ["fil_unknown"], [mine, ""]):
        with pytest.raises(Invalid):
            hang(person, *wrong)
    assert [row.id for row in hang(person, mine, mine)] == [mine]
    assert [row.id for row in hang(person, mine)] == [mine]
    with pytest.raises(Invalid):
        hang(person, mine, note="not_2")
    assert hang(person) == []
    found = service.files_of("note", ["not_1", "not_2"])
    db.session.rollback()
    assert {note: [row.id for row in rows] for note, rows in found.items()} == {"not_1": [mine]}


@pytest.mark.parametrize("wrong", ["x", "fil_", "%00", "fil_" + "z" * 300, "..", "'--"])
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_malformed_id_is_not_found(person: Person, client: Any, wrong: str):
    signed_in = SignedIn(person)
    assert signed_in.get(f"{FILES}/{wrong}").status_code == 404
    assert signed_in.get(f"{FILES}/{wrong}/content").status_code == 404
    assert signed_in.delete(f"{FILES}/{wrong}").status_code in (404, 405)
    assert client.get(f"/api/v1/public/files/{wrong}").status_code == 404


def test_a_missing_file_is_not_found_by_the_service(person: Person):
    with pytest.raises(NotFound):
        service.readable(person.actor, file_id="fil_unknown")
    db.session.rollback()
