"""Pictures: what may stand in one, and what it weighs. Pure."""

import re
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element  # Only the type: defusedxml parses.

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from elearn.catalogue import digests
from elearn.catalogue.faults import Faults
from elearn.catalogue.reading import Picture

SUFFIXES = frozenset({".svg", ".png", ".jpg", ".jpeg", ".webp"})
#: All pictures of one section together.
LARGEST_TOGETHER = 25 * 1024
_BEGINNINGS = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".webp": b"RIFF"}
_FORBIDDEN = frozenset({"script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler", "listener", "set", "animate"})
_NAMED = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{0,70}\.(svg|png|jpg|jpeg|webp)")
_CSS_FETCHES = re.compile(r"@import|url\(\s*['\"]?(?!#)|expression\(|image-set\(|javascript:", re.IGNORECASE)


def read_picture(path: str, content: bytes, faults: Faults) -> Picture | None:
    """Return a picture; None, and a fault, where it may not be shown."""
    name = PurePosixPath(path).name
    suffix = PurePosixPath(name).suffix
    if not _NAMED.fullmatch(name.encode()):
        faults.add(
            path,
            1,
            "picture-name",
            "a picture is called by letters, digits, dots and hyphens, and ends in .svg, .png, .jpg, .jpeg or .webp",
        )
        return None
    size: tuple[int | None, int | None] = (None, None)
    if suffix == ".svg":
        root = _parsed(path, content, faults)
        if root is None:
            return None
        _check_svg(path, content, root, faults)
        size = _view_box(root)
        if size == (None, None):
            faults.add(path, 1, "picture-view-box", "an SVG picture has a viewBox of four numbers")
    elif not content.startswith(_BEGINNINGS[suffix]):
        faults.add(path, 1, "picture-type", f"this is no {suffix.removeprefix('.')} picture")
        return None
    elif suffix == ".png":
        size = (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big"))
    weight = len(zlib.compress(content, 6)) if suffix == ".svg" else len(content)
    return Picture(name, digests.of_bytes(content), suffix, content, weight, *size)


def _parsed(path: str, content: bytes, faults: Faults) -> Element | None:
    try:
        return fromstring(content, forbid_dtd=True)
    except ParseError as error:
        faults.add(path, error.position[0], "picture-xml", f"this SVG is not well formed: {error.msg if hasattr(error, 'msg') else error}")
    except (DefusedXmlException, LookupError, ValueError):
        faults.add(
            path,
            _line(content, rb"<!DOCTYPE|<!ENTITY|encoding"),
            "picture-doctype",
            "an SVG picture has no DOCTYPE, no entities and is UTF-8",
        )
    return None


def _check_svg(path: str, content: bytes, root: Element, faults: Faults) -> None:
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        faults.add(path, 1, "picture-xml", 'the root of an SVG picture is <svg xmlns="http://www.w3.org/2000/svg">')
        return
    if b"<?xml-stylesheet" in content:
        faults.add(path, _line(content, rb"<\?xml-stylesheet"), "picture-outside", "an SVG picture brings its style inside")
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        if not str(element.tag).startswith("{http://www.w3.org/2000/svg}"):
            faults.add(
                path, _line(content, rb"<(\w+:)?" + tag.encode()), "picture-xml", f"<{tag}> is no SVG; save the picture as plain SVG"
            )
        if tag.lower() in _FORBIDDEN:
            faults.add(path, _line(content, rb"<(\w+:)?" + tag.encode()), "picture-script", f"<{tag}> may not stand in a picture")
        if _CSS_FETCHES.search(_style_of(tag, element)):
            faults.add(
                path,
                _line(content, rb"@import|url\(|expression\(|image-set\(|javascript:"),
                "picture-outside",
                "a style fetches nothing from outside",
            )
        for attribute, message in _wrong_attributes(element):
            faults.add(path, _line(content, re.escape(attribute.encode()) + rb"\s*="), message[0], message[1])


def _style_of(tag: str, element: Element) -> str:
    values = " ".join(value for name, value in element.attrib.items() if "href" not in name and "url(" in value.lower())
    return f"{element.text or ''} {values} {element.get('style', '')}" if tag == "style" else f"{values} {element.get('style', '')}"


def _wrong_attributes(element: Element) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, value in element.attrib.items():
        local = name.rpartition("}")[2]
        if local.lower().startswith("on"):
            yield local, ("picture-script", f"the event handler {local} may not stand in a picture")
        elif local in {"href", "src"} and not value.startswith("#"):
            yield local, ("picture-outside", f"{local} leads outside the picture")


def _view_box(root: Element) -> tuple[int | None, int | None]:
    numbers = re.findall(r"-?[0-9.]+", root.get("viewBox", ""))
    try:
        width, height = (round(float(number)) for number in numbers[2:4])
    except ValueError:
        return None, None
    return (width, height) if len(numbers) == 4 and 0 < width < 100_000 and 0 < height < 100_000 else (None, None)  # noqa: PLR2004 (x, y, width, height)


def _line(content: bytes, pattern: bytes) -> int:
    found = re.search(pattern, content)
    return content.count(b"\n", 0, found.start()) + 1 if found else 1
