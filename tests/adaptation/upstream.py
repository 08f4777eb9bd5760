"""The series goes on: a further revision of its module, a second module, one that is taken out."""

import re
from dataclasses import dataclass, field

from flask import Flask

from elearn.catalogue import service
from elearn.catalogue.queries import current_series
from elearn.catalogue.reader import read_content
from elearn.db import unit_of_work
from tests import shipped

SLUG = "introduction-to-cybercrime"
FOLDER = f"01-{SLUG}"
TWIN = "introduction-again"
TWIN_FOLDER = f"02-{TWIN}"


@dataclass
class Upstream:
    """The files of the series, which are changed and published again and again."""

    app: Flask
    files: dict[str, bytes] = field(default_factory=shipped.files)

    def change(self, path: str, before: str, after: str) -> None:
        text = self.files[path].decode()
        assert before in text, f"{path}: {before}"
        self.files[path] = text.replace(before, after, 1).encode()

    def release(self, version: str, note: str, *, folder: str = FOLDER) -> None:
        """Publish what was changed as the module's next version."""
        path = f"{folder}/module.yml"
        text = re.sub(r"^version: .*$", f"version: {version}", self.files[path].decode(), count=1, flags=re.MULTILINE)
        self.files[path] = text.replace("changes:\n", f"changes:\n  {version}: {note}\n", 1).encode()
        self.publish()

    def publish(self) -> None:
        reading = read_content(self.files)
        assert reading.series is not None, reading.errors
        with self.app.app_context(), self.app.test_request_context(), unit_of_work():
            service.publish(reading)

    def newest(self, slug: str = SLUG) -> int:
        """Return the module's newest revision."""
        with self.app.app_context(), self.app.test_request_context():
            return current_series().module(slug).revision.id

    def add_twin(self) -> None:
        """Add a second module, which says the same under another name."""
        for path, content in list(self.files.items()):
            if path.startswith(f"{FOLDER}/"):
                twin = content
                if path.endswith("module.yml"):
                    twin = content.replace(f"slug: {SLUG}".encode(), f"slug: {TWIN}".encode()).replace(b"number: 1", b"number: 2")
                self.files[path.replace(FOLDER, TWIN_FOLDER)] = twin
        self.change("series.yml", f"{SLUG}]", f"{SLUG}, {TWIN}]")
        self._next_version()
        self.publish()

    def take_out_twin(self) -> None:
        """Publish the series without its second module."""
        self.change("series.yml", f"{SLUG}, {TWIN}]", f"{SLUG}]")
        self._next_version()
        self.files = {path: content for path, content in self.files.items() if not path.startswith(f"{TWIN_FOLDER}/")}
        self.publish()

    def _next_version(self) -> None:
        """Give the series its next minor version, whichever it has."""
        text = self.files["series.yml"].decode()
        self.files["series.yml"] = re.sub(r"(?m)^(version: \d+\.)(\d+)", lambda m: f"{m[1]}{int(m[2]) + 1}", text, count=1).encode()
