"""What a student reads of a regrade beside their own answer: what was marked again, why, and the key of today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from elearn.assessment.queries import LaidItem
from elearn.assessment.regrade_labels import in_words
from elearn.assessment.regrade_list_queries import MarkedAgain, marked_again
from elearn.assessment.standing_queries import standing_regrades
from elearn.catalogue.items.item import Explained
from elearn.catalogue.queries import pinned_items


@dataclass(frozen=True)
class Again:
    """What was marked again in an attempt."""

    #: By item revision, in the order in which it happened.
    lines: Mapping[int, Sequence[MarkedAgain]] = field(default_factory=dict)

    def words(self, item_id: int) -> tuple[str, ...]:
        """Return a sentence for each time that the item was marked again."""
        return tuple(map(_said, self.lines.get(item_id, ())))

    def explained(self, item: LaidItem, response: Any, language: str) -> Explained:
        """Return the explanation of an answer, by the key that it was marked with last."""
        own = item.explained(response, language)
        keys = [line.new_revision_id for line in self.lines.get(item.id, ()) if line.new_revision_id is not None]
        if not keys:
            return own
        new = LaidItem(item.number, pinned_items((keys[-1],))[keys[-1]], item.choices).explained(response, language)
        if [part.id for part in new.parts] != [part.id for part in own.parts]:
            return own
        # A choice that is gone was offered all the same, and may have been chosen.
        known = {choice.id for choice in new.choices}
        gone = tuple(replace(choice, right=False, feedback_html="") for choice in own.choices if choice.id not in known)
        return replace(new, choices=(*new.choices, *gone))


def again_in(attempt_id: int, items: Sequence[LaidItem]) -> Again:
    """Return what was marked again in an attempt; ask only where the attempt has regrades."""
    asked = frozenset(item.id for item in items)
    if not any(standing.revision_ids & asked for standing in standing_regrades()):
        return Again()
    lines: dict[int, list[MarkedAgain]] = {}
    for line in marked_again(attempt_id):
        lines.setdefault(line.item_revision_id, []).append(line)
    return Again(lines)


def _said(line: MarkedAgain) -> str:
    day = format_date(line.at, "medium")
    if line.is_later:
        return _("This question was put right on %(day)s, because: %(reason)s", day=day, reason=line.reason)
    if (line.points_before, line.max_before) == (line.points_after, line.max_after):
        return _("Marked again on %(day)s, because: %(reason)s Your mark stays as it was.", day=day, reason=line.reason)
    return _(
        "Marked again on %(day)s, because: %(reason)s From %(before)s to %(after)s.",
        day=day,
        reason=line.reason,
        before=in_words(line.points_before, line.max_before),
        after=in_words(line.points_after, line.max_after),
    )
