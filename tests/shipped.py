"""The series that tests publish: the guide and the first module as they are shipped. The other modules would only make every test longer.

That all of it is sound is tested once (``tests/catalogue``), and by ``elearn content check`` beside the tests.
"""

import re
from functools import cache
from pathlib import Path

import yaml

from elearn.catalogue.reader import read_content
from elearn.catalogue.reading import Reading
from elearn.config import CONTENT

FOLDERS = {"teaching-guide": "00-teaching-guide", "introduction-to-cybercrime": "01-introduction-to-cybercrime"}


@cache
def _files() -> dict[str, bytes]:
    found = {}
    for path in sorted(CONTENT.rglob("*")):
        name = path.relative_to(CONTENT).as_posix()
        if path.is_file() and (not name[:1].isdigit() or name.split("/")[0] in FOLDERS.values()):
            found[name] = path.read_bytes()
    modules = f"modules: [{', '.join(FOLDERS)}]\n"
    series = re.sub(r"^modules:.*?(?=^\S|\Z)", modules, found["series.yml"].decode(), flags=re.MULTILINE | re.DOTALL)
    series = re.sub(r"^version: .*$", "version: 1.0.0", series, flags=re.MULTILINE)
    terms = [term for term in yaml.safe_load(found["glossary.yml"]) if term["module"] in FOLDERS]
    return {**found, "series.yml": series.encode(), "glossary.yml": yaml.safe_dump(terms, allow_unicode=True).encode()}


def files() -> dict[str, bytes]:
    """Return the files, for tests that change some of them."""
    return dict(_files())


@cache
def reading() -> Reading:
    """Return what the compiler makes of them."""
    return read_content(files())


def lay_out(folder: Path) -> None:
    """Write the files into a folder that there is not yet."""
    for name, content in files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
