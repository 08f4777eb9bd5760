"""The proposals that a course's own page shows: what waits, and what was answered last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elearn.adaptation.proposal_labels import TONES, state_names
from elearn.adaptation.proposal_queries import ProposalLine, appeared_in, of_course, proposal_lines

MOST = 3


@dataclass(frozen=True)
class RecentProposals:
    """Some proposals, with what lists say of each."""

    lines: Sequence[ProposalLine]
    appeared: Mapping[int, str]
    states: Mapping[str, str]
    tones: Mapping[str, str]


def recent_proposals(course_id: int) -> RecentProposals:
    """Return those of a course; one statement where none was accepted."""
    lines = proposal_lines(of_course(course_id), {}, limit=MOST)
    return RecentProposals(lines, appeared_in([line.proposal for line in lines]), state_names(), TONES)
