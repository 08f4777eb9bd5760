"""A QTI 2.1 package: a zip file with a manifest and one assessmentItem for each item. Pure.

Tags, outcome and Bloom level are keywords in the manifest's metadata (LOM); what QTI has no place for stands there in an element of
elearn's own.
"""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, indent, tostring  # Written, not parsed.

from elearn.archives import packed
from elearn.exchange.author import canonical
from elearn.exchange.carry import aside_of, tags_of
from elearn.exchange.qti21_read import ItemReader
from elearn.exchange.qti21_write import write_item
from elearn.exchange.report import Item, Notes, Unusable, Written
from elearn.exchange.xml_safe import add, fit, parse

CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
LOM = "http://ltsc.ieee.org/xsd/LOM"
OURS = "https://elearn.invalid/exchange"
MANIFEST = "imsmanifest.xml"


def write(items: Sequence[Item]) -> Written:
    """Return a package of the items and what QTI cannot say."""
    notes, files, lines = Notes(), dict[str, bytes](), list[tuple[Item, str]]()
    for item in map(canonical, items):
        try:
            content = write_item(item)
            back = canonical(ItemReader(parse(content), lambda *_: None).read(set(), _tags(item)))
        except Unusable:
            notes.add(item["id"], "item-left-out", item["type"])
            continue
        lines.append((item, aside_of(item, back, notes)))
        files[_name(item)] = content
    return Written(packed({MANIFEST: _manifest(lines), **files}), tuple(notes.kept))


def _tags(item: Item) -> list[str]:
    return [tag for each in tags_of(item) if (tag := fit(each).strip())]


def _name(item: Item) -> str:
    return f"items/{item['id']}.xml"


def _manifest(lines: Sequence[tuple[Item, str]]) -> bytes:
    root = Element("manifest", identifier="elearn", xmlns=CP)
    metadata = add(root, "metadata")
    add(metadata, "schema", "QTIv2.1 Package")
    add(metadata, "schemaversion", "1.0.0")
    add(root, "organizations")
    resources = add(root, "resources")
    for item, aside in lines:
        resource = add(resources, "resource", identifier=f"resource-{item['id']}", type="imsqti_item_xmlv2p1", href=_name(item))
        told = add(resource, "metadata")
        general = add(add(told, "lom", xmlns=LOM), "general")
        add(add(general, "identifier"), "entry", item["id"])
        for tag in _tags(item):
            add(add(general, "keyword"), "string", tag)
        if aside:
            add(told, "aside", aside, xmlns=OURS)
        add(resource, "file", href=_name(item))
    indent(root)
    return bytes(tostring(root, encoding="UTF-8", xml_declaration=True))
