"""Names to sign in with, for people without an address (pure)."""

import re
import unicodedata

SHORTEST, LONGEST = 3, 40
#: Nobody's: it would be taken for the house's own.
RESERVED = frozenset({"admin", "administrator", "elearn", "root", "support"})


def kept_name(typed: str) -> str:
    """Return a sign-in name as it is kept and looked for."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def is_sign_in_name(name: str) -> bool:
    """Return whether this can be one: letters of any script, digits, and . _ - between them, so that no address looks like it."""
    letters_only = all(letter.isalnum() or letter in "._-" for letter in name)
    return SHORTEST <= len(name) <= LONGEST and letters_only and name[0].isalnum() and name not in RESERVED


def suggested_names(name: str, many: int = 20) -> list[str]:
    """Return sign-in names for somebody of this name, best first: first and last word, Latin letters without their marks."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(letter))
    words = [word for word in re.split(r"[\W_]+", unicodedata.normalize("NFKC", plain)) if word]
    base = ".".join(dict.fromkeys(words[:1] + words[1:][-1:]))[: LONGEST - 4].strip(".")
    if not is_sign_in_name(base):
        base = "student"
    return [base, *(f"{base}{number}" for number in range(2, many + 1))]
