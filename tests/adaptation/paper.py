"""Writers of PDF that are none: what the process for bounded work runs in the place of WeasyPrint."""

import os
import time

NOT_A_PDF = b"%PDF-none"


def not_a_pdf(html: str) -> bytes:
    """Return how long the document is, how many pictures it would have fetched, and in which process this was."""
    return b"%s %d %d %d" % (NOT_A_PDF, len(html), html.count('src="/media/'), os.getpid())


def endless(html: str) -> bytes:
    """Take longer than anybody waits."""
    time.sleep(60)
    return b""
