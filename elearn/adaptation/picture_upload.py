"""Pictures that people send: refused, or drawn anew in a process of its own, which has little memory and is killed when it takes too long.

A file that is made to harm whoever decodes it then harms a process that holds nothing, and that ends with the picture.
"""

import json
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Collection
from typing import Final

from elearn.adaptation.picture_decoding import SUFFIX, Drawn, Refused, kind_of

#: Longer than an honest picture takes on a busy server.
SECONDS: Final = 20.0
_SECONDS_TO_WAIT: Final = 30.0
LONGEST_STEM: Final = 60
#: The child gets our path rather than our memory, so that it is safe to start from any thread.
_PROGRAM: Final = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from elearn.adaptation.picture_decoding import serve; serve()"

#: One picture at a time: so much memory a server's process may take for it, and no more.
_place = threading.BoundedSemaphore(1)


def draw(content: bytes, *, seconds: float = SECONDS) -> Drawn:
    """Return the picture drawn anew; raise Refused where it is none, or would cost too much."""
    kind_of(content)
    if not _place.acquire(timeout=_SECONDS_TO_WAIT):
        raise Refused("busy")
    try:
        done = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-c", _PROGRAM, json.dumps(sys.path)], input=content, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise Refused("too-slow") from None
    finally:
        _place.release()
    if done.returncode:
        # A decoder fell over, or took more than it may.
        raise Refused("broken")
    head, _, drawn = done.stdout.partition(b"\n")
    said = json.loads(head)
    if "refused" in said:
        raise Refused(said["refused"])
    return Drawn(drawn, said["width"], said["height"])


def name_for(sent_as: str, taken: Collection[str]) -> str:
    """Return what a picture is called in texts: after the file that was sent, in letters that every system can write, and like no other."""
    last = re.split(r"[/\\]", sent_as)[-1]
    plain = unicodedata.normalize("NFKD", last.rpartition(".")[0] or last).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_STEM].strip("-") or "picture"
    number, name = 1, f"{stem}{SUFFIX}"
    while name in taken:
        number += 1
        name = f"{stem}-{number}{SUFFIX}"
    return name
