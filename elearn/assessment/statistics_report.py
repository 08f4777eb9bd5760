"""What the pages of statistics say of a quiz: figures, questions with their counts, flags, and what is withheld."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from elearn import cache
from elearn.assessment import statistics_queries as queries
from elearn.assessment.mark_sums import STATES, ItemSums, QuizSums, merged
from elearn.assessment.statistics import WHOLE, ItemFigures, QuizFigures, flags_of, item_figures, quiz_figures
from elearn.assessment.statistics_access import Pool
from elearn.assessment.statistics_labels import flag_titles, flag_words
from elearn.assessment.statistics_queries import KeptQuiz, Pooled
from elearn.catalogue.items.registry import type_of
from elearn.catalogue.queries import PinnedItem, pinned_items, trusted
from elearn.errors import NotFound

#: Totals are drawn in so many steps from nothing to all.
STEPS = 10
LONGEST_TITLE = 90


@dataclass(frozen=True)
class ChoiceCount:
    """A choice, and how often it was taken."""

    id: str
    text: str
    is_right: bool
    count: int


@dataclass(frozen=True)
class Flag:
    """Something suspicious about a question, in words."""

    key: str
    title: str
    words: str


@dataclass(frozen=True)
class ItemLine:
    """A question, as a quiz asked it: one item revision."""

    id: int
    number: int
    key: str
    type: str
    #: The beginning of its prompt, for a table.
    title: str
    prompt: Markup
    max_points: int
    attempts: int
    #: Too few attempts of other people's classes met it.
    is_withheld: bool
    figures: ItemFigures
    #: By state: right, partly, wrong, blank.
    states: Mapping[str, int]
    choices: tuple[ChoiceCount, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class QuizReport:
    """What there is to say of one quiz in a pool of classes."""

    quiz: KeptQuiz
    #: The others that the page offers.
    quizzes: tuple[KeptQuiz, ...]
    is_withheld: bool
    figures: QuizFigures
    #: How many results lie in each tenth of the maximum; a full result lies in the last.
    totals: tuple[int, ...]
    items: tuple[ItemLine, ...]
    #: Over all revisions of the quiz: facility and counts alone; empty where there is one.
    overall: tuple[ItemLine, ...]

    @property
    def flagged(self) -> tuple[ItemLine, ...]:
        """The questions that raise a flag."""
        return tuple(item for item in self.items if item.flags)


def quiz_report(pool: Pool, module_id: int, asked: str, language: str) -> QuizReport | None:
    """Return what there is to say of the quiz that is ``asked`` for, or the newest; None where no attempt is counted yet."""
    quizzes = tuple(queries.kept_quizzes([*pool.where, queries.of_module(module_id)]).get(module_id, ()))
    quiz = next((quiz for quiz in quizzes if quiz.key == asked or not asked), None)
    if quiz is None:
        if asked:
            raise NotFound
        return None
    is_withheld = quiz.attempts < pool.fewest
    sums = _sums(pool, module_id, quizzes)
    own = QuizSums() if is_withheld else sums[module_id, quiz.revision_id, quiz.form]
    return QuizReport(
        quiz,
        quizzes,
        is_withheld,
        quiz_figures(own),
        tenths(own),
        _lines(own, item_figures(own), pool, language, queries.items_in_order(quiz.revision_id)),
        _overall(sums, pool, language, queries.items_in_order(quiz.revision_id)) if len(quizzes) > 1 else (),
    )


def _sums(pool: Pool, module_id: int, quizzes: tuple[KeptQuiz, ...]) -> Pooled:
    """Return the sums of the quizzes, remembered for as long as what is kept of them stays the same."""
    key = (pool.scope, module_id, quizzes)
    return cache.kept("pooled-marks", key, lambda: queries.pooled([*pool.where, queries.of_module(module_id)]), most=24)


def tenths(sums: QuizSums) -> tuple[int, ...]:
    """Return how many totals lie in each tenth of the mean maximum."""
    counts = [0] * STEPS
    for total, count in sums.totals.items():
        share = STEPS * total * sums.attempts // sums.maximum if sums.maximum else 0
        counts[min(max(share, 0), STEPS - 1)] += count
    return tuple(counts)


def _overall(sums: Pooled, pool: Pool, language: str, order: Sequence[int]) -> tuple[ItemLine, ...]:
    """Return facility and counts over all revisions; what is small stays out, where it would show as the difference."""
    large = [each for each in sums.values() if each.attempts >= pool.fewest]
    small = [each for each in sums.values() if each.attempts < pool.fewest]
    if sum(each.attempts for each in small) >= pool.fewest:
        large += small
    whole = merged(large)
    figures = {item: ItemFigures(each.attempts, facility) for item, each in whole.items.items() for facility in [_facility(each)]}
    return _lines(whole, figures, pool, language, order, with_flags=False)


def _facility(sums: ItemSums) -> float | None:
    return sums.x / sums.maximum if sums.attempts and sums.maximum else None


def _lines(
    sums: QuizSums,
    figures: Mapping[int, ItemFigures],
    pool: Pool,
    language: str,
    order: Sequence[int],
    *,
    with_flags: bool = True,
) -> tuple[ItemLine, ...]:
    """Return the questions that bring points, in the order of the quiz; those that it no longer asks follow."""
    pinned = pinned_items(tuple(sorted(sums.items)))
    places = {key: place for place, key in enumerate(order)}
    met = sorted((key for key in sums.items if pinned[key].points), key=lambda key: (places.get(key, len(places)), key))
    lines = [_line(number, pinned[key], sums.items[key], figures[key], pool, language) for number, key in enumerate(met, start=1)]
    return tuple(lines if with_flags else [replace(line, flags=()) for line in lines])


def _line(number: int, item: PinnedItem, sums: ItemSums, figures: ItemFigures, pool: Pool, language: str) -> ItemLine:
    is_withheld = sums.attempts < pool.fewest
    definition = item.definition
    prompt = trusted(type_of(definition).show(definition, language).prompt_html)
    words = prompt.striptags()
    choices = _choices(item, sums, language)
    shows = pool.sees_keys and not is_withheld
    return ItemLine(
        item.id,
        number,
        item.key,
        item.type,
        words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1].rstrip() + "…",
        prompt,
        item.points,
        sums.attempts,
        is_withheld,
        ItemFigures(sums.attempts) if is_withheld else figures,
        {} if is_withheld else {state: sums.states.get(state, 0) for state in STATES},
        choices if shows else (),
        () if is_withheld else _flags(item, sums, figures, choices, names=pool.sees_keys),
    )


def _choices(item: PinnedItem, sums: ItemSums, language: str) -> tuple[ChoiceCount, ...]:
    if not queries.has_choices(item):
        return ()
    explained = type_of(item.definition).explain(item.definition, None, language)
    return tuple(
        ChoiceCount(choice.id, trusted(choice.html).striptags(), choice.right, sums.choices.get(choice.id, 0))
        for choice in explained.choices
    )


def _flags(item: PinnedItem, sums: ItemSums, figures: ItemFigures, choices: Sequence[ChoiceCount], *, names: bool) -> tuple[Flag, ...]:
    guess = type_of(item.definition).guess(item.definition)
    distractors = {choice.id: choice.count for choice in choices if not choice.is_right}
    unused = ", ".join(f"“{choice.text}”" for choice in choices if not choice.is_right and not choice.count) if names else ""
    titles = flag_titles()
    share = float(guess) if guess is not None else None
    return tuple(
        Flag(key, titles[key], flag_words(key, guess=share, unused=unused))
        for key in flags_of(sums, figures, guess=guess, distractors=distractors)
    )


def percent_of(count: int, attempts: int) -> float:
    """Return a share of the attempts in per cent."""
    return WHOLE * count / attempts if attempts else 0.0
