"""What happens in this room that rooms above may want to know (``db.note``)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class EditionPublished:
    """A professor published an edition at an institution."""

    person_id: int
    institution_id: int
    at: datetime
