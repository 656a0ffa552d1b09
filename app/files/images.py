"""Uploaded pictures are drawn anew: what was hidden in the old bytes does not survive.

Metadata (place, camera), trailing data and animations are dropped; the largest side is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from app.core.errors import Invalid

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 4096
_DECODERS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}

# The size is checked below, before a pixel is decoded; Pillow's own check warns first.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True)
class Picture:
    """A picture as it is stored."""

    content: bytes
    content_type: str
    width: int
    height: int


def redraw(content: bytes, content_type: str) -> Picture:
    """The picture in `content` drawn anew; a GIF becomes a PNG of its first frame.

    Raises Invalid for a broken picture and for one of more than MOST_PIXELS.
    """
    try:
        with Image.open(BytesIO(content), formats=[_DECODERS[content_type]]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Invalid(file=f"Give a picture of at most {MOST_PIXELS:,} pixels.")
            return _drawn(image, content_type)
    except Invalid:
        raise
    except Exception as error:
        # Decoders trip over broken input in many ways; each means the same to the sender.
        raise Invalid(file="This picture is broken; save it again and repeat.") from error


def _drawn(image: Image.Image, content_type: str) -> Picture:
    if content_type == "image/jpeg":
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.seek(0)
    upright = ImageOps.exif_transpose(image)
    see_through = upright.has_transparency_data and content_type != "image/jpeg"
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain.info.clear()
    out = BytesIO()
    if content_type == "image/jpeg":
        plain.save(out, "JPEG", quality=88, optimize=True)
    elif content_type == "image/webp":
        plain.save(out, "WEBP", quality=88)
    else:
        content_type = "image/png"
        plain.save(out, "PNG", optimize=False)
    return Picture(out.getvalue(), content_type, plain.width, plain.height)
