"""Numbers of rows and states as forms and addresses send them: anything may stand there."""

#: No row has a number with more digits.
MOST_DIGITS = 9


def number_in(typed: str | None) -> int:
    """Return the number of a row or a state as it was sent; 0 where it is none."""
    text = typed or ""
    return int(text) if len(text) <= MOST_DIGITS and text.isascii() and text.isdecimal() else 0


def numbers_in(typed: str | None) -> dict[str, int]:
    """Return numbers by name, as a field carries several of them ("one:3 two:4"); what is none is left out."""
    pairs = (part.rpartition(":") for part in (typed or "").split())
    return {name: number_in(number) for name, _colon, number in pairs if name and number_in(number)}
