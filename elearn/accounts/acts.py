"""What happens in this room that rooms above may want to know (``db.note``)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AddressVerified:
    """A person has shown that an address is theirs."""

    person_id: int
    address: str


@dataclass(frozen=True)
class InstitutionListed:
    """An institution that somebody asked for is in the registry now, under a code of its own."""

    institution_id: int
    code: str


@dataclass(frozen=True)
class InstitutionsMerged:
    """An institution that somebody asked for is one of the registry: what was prepared there belongs to that one now."""

    from_id: int
    into_id: int
