"""Pictures that people send, drawn anew: small, upright, in sRGB, and with nothing hidden in them. Pure, and done in a process of its own.

What a picture is, its bytes say; its name and what the browser calls it are not asked. Pillow is given only the decoder that fits.
"""

import io
import json
import resource
import struct
import sys
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageCms

#: How many bytes a picture may have when it comes, and how many once it is drawn anew.
LARGEST_SENT: Final = 5 * 1024 * 1024
LARGEST_KEPT: Final = 200 * 1024
MOST_PIXELS: Final = 40_000_000
LONGEST_SIDE: Final = 1600
SUFFIX: Final = ".webp"
#: A picture that came without loss stays so up to this size, even where losing a little would be smaller.
LARGEST_EXACT: Final = 100 * 1024
_QUALITIES: Final = (82, 60)
_SMALLEST_SIDE: Final = 200
_MEMORY: Final = 1024**3
_SECONDS: Final = 15

_BEGINNINGS: Final = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF87a", "GIF"), (b"GIF89a", "GIF"))
#: What is no picture for a page, by how it begins, and what people are told of it.
_OTHERS: Final = ((b"PK\x03\x04", "zip"), (b"%PDF-", "pdf"), (b"BM", "old-format"), (b"II*\x00", "old-format"), (b"MM\x00*", "old-format"))
_PHONE_BRANDS: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
#: How to turn a picture upright, by the orientation that its camera noted.
_UPRIGHT: Final[dict[object, Image.Transpose]] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION: Final = 0x0112


class Refused(Exception):
    """This is not taken as a picture; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Drawn:
    """A picture drawn anew."""

    content: bytes
    width: int
    height: int


def kind_of(content: bytes) -> str:
    """Return which decoder reads the picture, by its bytes alone; raise Refused where none of ours does."""
    if not content:
        raise Refused("empty")
    if len(content) > LARGEST_SENT:
        raise Refused("too-large")
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp" and content[8:12] in _PHONE_BRANDS:
        raise Refused("phone-format")
    for beginning, code in _OTHERS:
        if content.startswith(beginning):
            raise Refused(code)
    raise Refused("svg" if b"<svg" in content[:4096].lower() else "not-a-picture")


def _webp_size(content: bytes) -> tuple[int, int]:
    """Return the size that a WebP picture claims: its decoder takes the memory for it before it says so."""
    chunk, body = content[12:16], content[20:30]
    if chunk == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF


def drawn_anew(content: bytes) -> Drawn:
    """Return the picture drawn anew; raise Refused, or whatever a decoder raises that meets nonsense.

    Call it where a decoder may take all the memory and time there is: hostile pictures are made to do that.
    """
    kind = kind_of(content)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    if kind == "WEBP":
        _check_size(_webp_size(content))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # A decoder also grumbles about metadata, which is thrown away.
            warnings.simplefilter("ignore", UserWarning)
            with Image.open(io.BytesIO(content), formats=[kind]) as image:
                # Only the header is read so far.
                _check_size(image.size)
                return _written(_prepared(image, kind), exact=kind in {"PNG", "GIF"})
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("too-many-pixels") from None
    except (OSError, SyntaxError, EOFError, ValueError):
        raise Refused("broken") from None


def _check_size(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        raise Refused("too-many-pixels")
    if not size[0] * size[1]:
        raise Refused("broken")


def _prepared(image: Image.Image, kind: str) -> Image.Image:
    """Return the first frame upright, in sRGB, and no larger than a page needs."""
    turn = _UPRIGHT.get(_orientation(image))
    if kind == "JPEG":
        # The decoder itself leaves out what is thrown away below.
        image.draft(image.mode, (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
    image.load()
    profile = image.info.get("icc_profile")
    plain = _plain(image)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    if turn is not None:
        plain = plain.transpose(turn)
    plain = _in_srgb(plain, profile)
    if plain.mode == "RGBA" and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    return plain


def _orientation(image: Image.Image) -> object:
    """Return how the camera was held; what it noted is often broken, and the picture is good all the same."""
    try:
        return image.getexif().get(_ORIENTATION)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error):
        return None


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture with eight bits a colour: RGB, RGBA where something shines through, CMYK where it came so."""
    if image.mode.startswith(("I", "F")):
        # Sixteen bits of grey, which Pillow would cut off rather than scale.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if image.mode in {"RGB", "RGBA", "CMYK"} and "transparency" not in image.info:
        return image.copy()
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in the colours that every screen knows; a profile that is broken or of other colours is passed over."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
            return ImageCms.profileToProfile(image, own, srgb, outputMode=mode) or image.convert(mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image.convert(mode)


def _written(image: Image.Image, *, exact: bool) -> Drawn:
    """Return the picture as WebP: without loss where that is small, else at the best quality and size that is small enough."""
    # A picture of its own: what the file said about itself stays behind.
    clean = Image.frombytes(image.mode, image.size, image.tobytes())
    lossy = _encoded(clean, quality=_QUALITIES[0], method=4)
    if exact:
        without_loss = _encoded(clean, lossless=True, quality=60, method=3)
        if len(without_loss) <= max(LARGEST_EXACT, len(lossy)) and len(without_loss) <= LARGEST_KEPT:
            return Drawn(without_loss, *clean.size)
    while True:
        for quality in _QUALITIES:
            content = lossy if (quality, clean.size) == (_QUALITIES[0], image.size) else _encoded(clean, quality=quality, method=4)
            if len(content) <= LARGEST_KEPT:
                return Drawn(content, *clean.size)
        longest = max(clean.size) * 4 // 5
        if longest < _SMALLEST_SIDE:
            raise Refused("too-large")
        clean = image.copy()
        clean.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        clean = Image.frombytes(clean.mode, clean.size, clean.tobytes())


def _encoded(image: Image.Image, **how: object) -> bytes:
    target = io.BytesIO()
    image.save(target, "WEBP", **how)
    return target.getvalue()


def serve() -> None:
    """Draw anew what comes in and say how that went: the body of the process that meets pictures from outside."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    said: dict[str, object]
    content = b""
    try:
        drawn = drawn_anew(sys.stdin.buffer.read())
        said, content = {"width": drawn.width, "height": drawn.height}, drawn.content
    except Refused as refused:
        said = {"refused": refused.code}
    except MemoryError:
        said = {"refused": "broken"}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + content)
    sys.stdout.buffer.flush()
