"""What happens in this room that rooms above may want to know (``db.note``)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AddressVerified:
    """A person has shown that an address is theirs."""

    person_id: int
    address: str
