"""Pictures that people send: what is refused, and what becomes of the others."""

import io
import subprocess
import sys

import pytest
from PIL import Image, ImageCms, ImageSequence
from PIL.PngImagePlugin import PngInfo
from pydantic import TypeAdapter

from elearn.adaptation import picture_upload
from elearn.adaptation.picture_decoding import LARGEST_KEPT, LARGEST_SENT, Drawn, Refused, drawn_anew, kind_of
from elearn.adaptation.picture_upload import draw, name_for
from elearn.catalogue.schema import PictureName
from tests.adaptation.pictures import (
    drawing,
    encoded,
    gif_claiming,
    jpeg_claiming,
    noise,
    photo,
    png,
    png_claiming,
    webp_claiming,
    zipped,
)

RED = (255, 0, 0)


def opened(drawn: Drawn) -> Image.Image:
    image = Image.open(io.BytesIO(drawn.content))
    image.load()
    assert image.format == "WEBP"
    assert image.size == (drawn.width, drawn.height)
    assert max(image.size) <= 1600
    assert len(drawn.content) <= LARGEST_KEPT
    assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)
    assert getattr(image, "n_frames", 1) == 1
    return image


def near(found: tuple[int, ...], wanted: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(found, wanted, strict=True))


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        draw(content)
    return refused.value.code


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_each_kind_comes_out_as_the_same_picture(kind: str) -> None:
    image = opened(draw(encoded(drawing(), kind)))
    assert image.size == (400, 300)
    assert near(image.convert("RGB").getpixel((20, 20)), RED, 20)
    assert near(image.convert("RGB").getpixel((390, 200)), (255, 255, 255), 20)


def test_lines_lose_nothing() -> None:
    image = opened(draw(encoded(drawing(), "PNG")))
    assert image.convert("RGB").tobytes() == drawing().tobytes()


def test_a_photograph_is_made_small_enough_for_phones() -> None:
    drawn = draw(encoded(photo(4000, 2000), "JPEG", quality=95))
    assert opened(drawn).size == (1600, 800)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_noise_gets_smaller_until_it_is_small_enough(kind: str) -> None:
    image = opened(draw(encoded(noise(), kind)))
    assert 200 <= image.width == image.height < 1000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"Hello, this is no picture at all.", "not-a-picture"),
        (b"\x00" * 5000, "not-a-picture"),
        (b"<html><script>alert(1)</script></html>", "not-a-picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "svg"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<SVG xmlns="http://www.w3.org/2000/svg"/>', "svg"),
        (zipped(), "zip"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "phone-format"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00", "phone-format"),
        (encoded(drawing(), "BMP"), "old-format"),
        (encoded(drawing(), "TIFF"), "old-format"),
        (png() + b"\0" * LARGEST_SENT, "too-large"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
        (b"\x89PNG\r\n\x1a\n" + b"<svg>" * 100, "broken"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 1000, "broken"),
        (b"GIF89a" + b"\xff" * 100, "broken"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "broken"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8L" + b"\xff" * 12, "too-many-pixels"),
    ],
)
def test_what_is_no_picture_is_refused_and_said_to_be_what_it_is(content: bytes, code: str) -> None:
    assert refusal(content) == code


@pytest.mark.parametrize(
    "bomb",
    [
        png_claiming(60_000, 60_000),
        png_claiming(2**31 - 1, 2**31 - 1),
        png_claiming(8000, 5001),
        webp_claiming(16_000, 16_000),
        webp_claiming(2**24, 2**24),
        gif_claiming(65_535, 65_535),
        jpeg_claiming(65_500, 65_500),
    ],
)
def test_a_bomb_is_refused_before_it_is_decoded(bomb: bytes) -> None:
    assert len(bomb) < 2000
    # Here, in this process: decoding it would be noticed.
    with pytest.raises(Refused) as refused:
        drawn_anew(bomb)
    assert refused.value.code == "too-many-pixels"
    assert refusal(bomb) == "too-many-pixels"


def test_a_bomb_inside_the_metadata_harms_nobody() -> None:
    info = PngInfo()
    info.add_text("Comment", "x" * 60_000_000, zip=True)
    bomb = encoded(drawing(), "PNG", pnginfo=info)
    assert len(bomb) < 200_000
    assert refusal(bomb) == "broken"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_a_picture_that_was_cut_off_is_refused(kind: str, share: float) -> None:
    whole = encoded(photo(), kind)
    assert refusal(whole[: int(len(whole) * share)]) == "broken"


@pytest.mark.parametrize("size", [(8000, 5000), (5000, 8000), (40_000_000 // 50, 50)])
def test_as_many_pixels_as_are_allowed_are_read_with_the_memory_there_is(size: tuple[int, int]) -> None:
    opened(draw(encoded(Image.new("RGBA", size, (9, 99, 199, 99)), "PNG")))


def test_the_name_and_the_ending_of_what_was_sent_mean_nothing() -> None:
    assert kind_of(encoded(drawing(), "JPEG")) == "JPEG"
    assert opened(draw(encoded(drawing(), "JPEG"))).size == (400, 300)


@pytest.mark.parametrize("tail", [zipped(), b"<script>alert(document.cookie)</script>", b"<?php system($_GET['c']); ?>"])
def test_what_hangs_on_a_picture_or_hides_in_it_is_gone(tail: bytes) -> None:
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        drawn = draw(encoded(drawing(), kind) + tail)
        assert tail[:20] not in drawn.content
        opened(drawn)
    commented = draw(encoded(drawing(), "JPEG", comment=tail))
    assert tail[:20] not in commented.content


def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # Held upright: turn it a quarter to the right.
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (6.0, 27.0, 11.0)
    content = encoded(drawing(), "JPEG", exif=exif, quality=95)
    assert b"SecretCamera" in content
    drawn = draw(content)
    assert b"SecretCamera" not in drawn.content
    image = opened(drawn)
    assert not image.getexif()
    assert image.size == (300, 400)
    # The red corner went from the left to the right.
    assert near(image.convert("RGB").getpixel((290, 10)), RED, 20)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_of_holding_a_camera_is_understood(orientation: int) -> None:
    upright = drawing(120, 80)
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    held = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = opened(draw(encoded(held, "PNG", exif=exif)))
    assert image.convert("RGB").tobytes() == upright.tobytes()


@pytest.mark.parametrize("exif", [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 300])
def test_a_picture_with_broken_notes_of_its_camera_is_good_all_the_same(exif: bytes) -> None:
    assert opened(draw(encoded(drawing(), "JPEG", exif=exif))).size == (400, 300)


def test_of_an_animation_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "lime", "blue")]
    for kind in ("GIF", "WEBP", "PNG"):
        content = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        assert len(list(ImageSequence.Iterator(Image.open(io.BytesIO(content))))) == 3
        assert near(opened(draw(content)).convert("RGB").getpixel((5, 5)), RED)


def test_colours_of_the_printing_press_become_those_of_screens() -> None:
    image = opened(draw(encoded(Image.new("CMYK", (50, 50), (0, 255, 255, 0)), "JPEG", quality=95)))
    assert image.mode == "RGB"
    assert near(image.getpixel((25, 25)), RED, 20)


def test_grey_of_sixteen_bits_is_scaled_and_not_cut_off() -> None:
    grey = Image.frombytes("I;16", (256, 4), b"".join((value * 256).to_bytes(2, "little") for value in range(256)) * 4)
    image = opened(draw(encoded(grey, "PNG"))).convert("L")
    assert near(tuple(image.getpixel((x, 1)) for x in (0, 64, 128, 255)), (0, 64, 128, 255), 2)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA"])
def test_every_way_of_keeping_colours_is_understood(mode: str) -> None:
    image = opened(draw(encoded(drawing().convert("RGBA").convert("LA" if mode == "PA" else mode), "PNG")))
    assert near(image.convert("RGB").getpixel((390, 200)), (255, 255, 255))


def test_what_shines_through_still_does() -> None:
    palette = Image.new("P", (40, 40), 0)
    palette.putpalette([255, 0, 0, 0, 0, 255])
    palette.paste(1, (20, 0, 40, 40))
    for content in (encoded(palette, "PNG", transparency=0), encoded(palette, "GIF", transparency=0)):
        image = opened(draw(content))
        assert image.mode == "RGBA"
        assert image.getpixel((5, 5))[3] == 0
        assert image.getpixel((35, 5)) == (0, 0, 255, 255)


def test_what_is_hidden_where_one_sees_through_is_gone() -> None:
    secret = Image.new("RGBA", (40, 40), (12, 34, 56, 0))
    secret.paste((255, 255, 255, 255), (0, 0, 20, 40))
    assert opened(draw(encoded(secret, "PNG"))).getpixel((35, 5))[:3] != (12, 34, 56)


def test_a_profile_of_colours_is_followed_and_a_broken_one_passed_over() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (profile, b"no profile at all", profile[:200]):
        image = opened(draw(encoded(drawing(), "PNG", icc_profile=icc)))
        assert near(image.convert("RGB").getpixel((20, 20)), RED)


@pytest.mark.parametrize("size", [(1, 1), (1, 9000), (9000, 1), (1600, 1600), (1601, 3)])
def test_any_shape_is_drawn(size: tuple[int, int]) -> None:
    opened(draw(png(*size)))


def test_what_takes_too_long_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_upload, "_PROGRAM", "import time; time.sleep(60)")
    with pytest.raises(Refused) as refused:
        draw(png(), seconds=0.3)
    assert refused.value.code == "too-slow"


@pytest.mark.parametrize("end", ["import os; os.abort()", "raise SystemExit(3)", "x = bytes(2 * 1024**3); raise MemoryError"])
def test_a_decoder_that_falls_over_takes_nobody_along(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(picture_upload, "_PROGRAM", "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30));" + end)
        assert refusal(png()) == "broken"
    # The place is free again.
    opened(draw(png()))


def test_the_process_that_decodes_has_little_memory_and_time() -> None:
    program = (
        "import io, resource, sys; from elearn.adaptation import picture_decoding as d;"
        "sys.stdin = io.TextIOWrapper(io.BytesIO(b'x')); d.serve();"
        "print([resource.getrlimit(r)[0] for r in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.splitlines()
    assert said == ['{"refused": "not-a-picture"}', str([1024**3, 15, 0])]


@pytest.mark.parametrize(
    ("sent_as", "name"),
    [
        ("Market.PNG", "market.webp"),
        ("../../etc/passwd", "passwd.webp"),
        ("..\\..\\windows\\system32\\x.png", "x.webp"),
        ("C:\\Users\\Bruno\\My Photo (1).jpeg", "my-photo-1.webp"),
        ("Höhlenlöwe.jpg", "hohlenlowe.webp"),
        ("صورة.png", "picture.webp"),
        ("", "picture.webp"),
        (".png", "png.webp"),
        ("....", "picture.webp"),
        ("a" * 500 + ".png", "a" * 60 + ".webp"),
        ("a\u202egnp.exe", "agnp.webp"),
        ("x\r\nSet-Cookie: y.png", "x-set-cookie-y.webp"),
        ("taken.jpg", "taken-3.webp"),
    ],
)
def test_a_picture_is_called_after_its_file_in_letters_that_every_system_can_write(sent_as: str, name: str) -> None:
    found = name_for(sent_as, {"taken.webp", "taken-2.webp"})
    assert found == name
    assert TypeAdapter(PictureName).validate_python(found) == found
