"""What marking by a person rests on: codes in place of names, and points as they are typed (pure)."""

import hashlib
import hmac

from elearn.catalogue.items.item import MICRO
from elearn.catalogue.items.numbers import NotANumber, read_number

#: Without letters and digits that look alike; 30 to the sixth are enough that two students of a class hardly ever share a code.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 6


def blind_code(secret_key: str, *, class_id: int, module_id: int, person_id: int) -> str:
    """Return what stands for a person while their answers to a quiz are marked blind: always the same there, and elsewhere another.

    Nobody finds out whose it is without the installation's key.
    """
    said = f"blind:{class_id}:{module_id}:{person_id}"
    number = int.from_bytes(hmac.new(secret_key.encode(), said.encode(), hashlib.sha256).digest())
    letters = []
    for _place in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        letters.append(LETTERS[rest])
    return f"{''.join(letters[:3])}-{''.join(letters[3:])}"


def typed_points(text: str) -> int | None:
    """Return a number as people type it (7, 7.5, 7,5, ٧٫٥) in 1/100,000; None where it is none, or finer than a mark is kept."""
    try:
        micro = read_number(text) * MICRO
    except NotANumber:
        return None
    return int(micro) if micro == micro.to_integral_value() else None
