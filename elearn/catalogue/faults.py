"""What the compiler says of a text: faults, each with its place. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Fault:
    """A departure from the authors' guide; written as compilers write it."""

    path: str
    line: int
    column: int
    code: str
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code}: {self.message}"


class Faults:
    """Collects what is found, file by file, so that one run reports everything."""

    def __init__(self) -> None:
        self._found: set[Fault] = set()

    def add(self, path: str, line: int, code: str, message: str, *, column: int = 1, severity: Severity = "error") -> None:
        """Note an error."""
        self._found.add(Fault(path, line, column, code, message, severity))

    def warn(self, path: str, line: int, code: str, message: str, *, column: int = 1) -> None:
        """Note a warning: it is said, and publication goes on."""
        self.add(path, line, code, message, column=column, severity="warning")

    def __iter__(self) -> Iterator[Fault]:
        """Iterate over all that was found, in the order of files and lines."""
        return iter(sorted(self._found))

    @property
    def errors(self) -> tuple[Fault, ...]:
        """What keeps the text from being published."""
        return tuple(fault for fault in self if fault.severity == "error")

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What an author should look at."""
        return tuple(fault for fault in self if fault.severity == "warning")
