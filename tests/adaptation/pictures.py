"""Pictures for tests, honest and hostile."""

import io
import os
import struct
import time
import zipfile
import zlib

from PIL import Image, ImageDraw
from sqlalchemy import select

from elearn.adaptation.models import Course
from elearn.db import db


def encoded(image: Image.Image, kind: str, **how: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **how)
    return target.getvalue()


def photo(width: int = 400, height: int = 300) -> Image.Image:
    """Return what is no line art: every pixel is of its own colour, and neighbours are alike."""
    return Image.radial_gradient("L").resize((width, height)).convert("RGB").rotate(30)


def drawing(width: int = 400, height: int = 300, mode: str = "RGB") -> Image.Image:
    """Return lines of a few colours, the left upper corner red."""
    image = Image.new(mode, (width, height), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width // 4, height // 4), fill="red")
    pen.line((0, height, width, 0), fill="blue", width=3)
    return image


def noise(side: int = 1000) -> Image.Image:
    return Image.frombytes("RGB", (side, side), os.urandom(side * side * 3))


def png(width: int = 40, height: int = 30, colour: str = "red") -> bytes:
    return encoded(Image.new("RGB", (width, height), colour), "PNG")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width: int, height: int) -> bytes:
    """Return a small PNG whose header claims any size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"\0" * 10_000, 9)) + _chunk(b"IEND", b"")


def webp_claiming(width: int, height: int) -> bytes:
    body = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + len(body).to_bytes(4, "little") + body
    return b"RIFF" + (len(chunk) + 4).to_bytes(4, "little") + b"WEBP" + chunk


def gif_claiming(width: int, height: int) -> bytes:
    small = encoded(Image.new("P", (2, 2)), "GIF")
    return small[:6] + width.to_bytes(2, "little") + height.to_bytes(2, "little") + small[10:]


def jpeg_claiming(width: int, height: int) -> bytes:
    small = encoded(Image.new("RGB", (8, 8)), "JPEG")
    frame = small.index(b"\xff\xc0")
    return small[: frame + 5] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + small[frame + 9 :]


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("evil.html", "<script>alert(1)</script>")
    return target.getvalue()


def courses() -> dict[str, int]:
    """Return the courses of the cast by their professor."""
    return {course.title.split("'")[0]: course.id for course in db.session.scalars(select(Course))}


def endless(*_args: object) -> None:
    """Take longer than anybody waits; at the top of a module, so that a process of its own can do it."""
    time.sleep(60)
