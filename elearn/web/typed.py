"""What people type, as it is kept."""


def as_written(text: str | None) -> str:
    """Return a text of several lines as it was typed, with one character at the end of each line and nothing around it."""
    return (text or "").replace("\r\n", "\n").strip()
