"""How much a file may hold, and what refuses one that holds more. Pure."""

LARGEST_FILE = 10 * 1024 * 1024
MOST_ITEMS = 5000


class Refused(Exception):
    """The whole file is refused; ``code`` and ``detail`` say why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


class TooLarge(Refused):
    """There is more of something than a file may hold."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"too-many-{what}", f"{most:,}")


def decoded(content: bytes) -> str:
    """Return a file as text with plain line ends: UTF-8, or UTF-16 where it begins with its mark."""
    if len(content) > LARGEST_FILE:
        raise Refused("too-large", f"{LARGEST_FILE // (1024 * 1024)}")
    try:
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("not-utf8", str(error.start)) from None
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
