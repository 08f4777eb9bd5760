"""Codes on slips of paper: made from a slip's number and the installation's key, so that they can be printed again (pure).

The database keeps neither the code nor anything from which it could be made without the key.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime

from elearn.accounts.credentials import LETTERS

#: 31 letters give 4.95 bits each; twelve give 59 bits.
LENGTH = 12
GROUP = 4


def _keyed(secret_key: str, text: str) -> "hmac.HMAC":
    return hmac.new(secret_key.encode(), text.encode(), hashlib.sha256)


def slip_code(secret_key: str, *, slip_id: int, enrolment_id: int, made_at: datetime) -> str:
    """Return the code of a slip, in groups of four.

    Its moment and place go in too: a database restored from a backup gives the same number to another slip later.
    """
    number = int.from_bytes(_keyed(secret_key, f"slip:{slip_id}:{enrolment_id}:{made_at.astimezone(UTC).isoformat()}").digest())
    letters = []
    for _place in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        letters.append(LETTERS[rest])
    return grouped("".join(letters))


def grouped(letters: str) -> str:
    """Return a code in groups that can be read aloud."""
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def typed_slip_code(text: str) -> str:
    """Return the code that somebody typed, however they spaced it; empty where it is none."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return grouped(letters) if len(letters) == LENGTH and set(letters) <= set(LETTERS) else ""


def digest_of_code(secret_key: str, code: str) -> str:
    """Return what the database keeps, to find a slip by its code."""
    return _keyed(secret_key, f"slip-code:{code}").hexdigest()


def drawn_path(rows: Iterable[Iterable[int]]) -> str:
    """Return a matrix of dark (true) and light modules as the path of a drawing, a run of dark ones at a time."""
    runs: list[str] = []
    for y, row in enumerate(rows):
        began: int | None = None
        for x, dark in enumerate((*row, 0)):
            if dark and began is None:
                began = x
            elif not dark and began is not None:
                runs.append(f"M{began} {y}h{x - began}v1H{began}z")
                began = None
    return "".join(runs)
