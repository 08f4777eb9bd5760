"""Figures of a quiz and of its items, by the definitions of Moodle's code (pure).

S attempts, x the mark on an item, T an attempt's total, X = T - x the rest. All variances V and covariances C divide by S - 1, all central
moments m by S. Everything is exact until the root; None stands where a figure has no value. ``docs/statistics.md`` says it in words.

Inside, a variance is kept times S(S - 1): ``S·Σx² - (Σx)²``, a whole number; what it is times falls out of every quotient.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from elearn.assessment.mark_sums import ItemSums, QuizSums

WHOLE = 100
#: A figure over several classes that rests on fewer attempts is not shown.
FEWEST_POOLED = 10
#: Discriminative efficiency below this is a flag.
LOW_EFFICIENCY = 15
FEWEST_FOR_SKEWNESS = 3
FEWEST_FOR_KURTOSIS = 4
FEWEST_FOR_CONSISTENCY = 3


@dataclass(frozen=True)
class QuizFigures:
    """The figures of a whole quiz; mean, median and standard deviation in per cent of the maximum."""

    attempts: int
    mean: float | None = None
    median: float | None = None
    deviation: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None
    #: Cronbach's alpha in per cent, the coefficient of internal consistency.
    consistency: float | None = None
    error_ratio: float | None = None
    standard_error: float | None = None


@dataclass(frozen=True)
class ItemFigures:
    """The figures of one item revision."""

    attempts: int
    #: A fraction, from 0 to 1.
    facility: float | None = None
    #: The standard deviation of its marks, in per cent of its maximum.
    deviation: float | None = None
    discrimination: float | None = None
    efficiency: float | None = None
    weight: float | None = None
    #: Its marks and the totals go against each other, so that it has no weight.
    is_negative: bool = False
    #: In order of weight; see ``flags_of``.
    flags: tuple[str, ...] = ()


def quiz_figures(sums: QuizSums) -> QuizFigures:
    """Return the figures of a quiz."""
    attempts, maximum = sums.attempts, Fraction(sums.maximum, sums.attempts) if sums.attempts else Fraction(0)
    if attempts < 1 or not maximum:
        return QuizFigures(attempts)
    mean = float(WHOLE * Fraction(sums.powers[0], attempts) / maximum)
    middle = float(WHOLE * median(sums.totals) / maximum)
    spread = _spread(attempts, sums.powers[0], sums.powers[1])
    if attempts < 2 or not spread:  # noqa: PLR2004 (a variance wants two)
        return QuizFigures(attempts, mean, middle)
    variance = Fraction(spread, attempts * (attempts - 1))
    deviation = WHOLE * sqrt(variance) / float(maximum)
    skewness, kurtosis = _shape(attempts, sums.powers, variance)
    consistency = _consistency(sums, spread)
    ratio = None if consistency is None else WHOLE * sqrt(1 - consistency / WHOLE)
    return QuizFigures(
        attempts,
        mean,
        middle,
        deviation,
        skewness,
        kurtosis,
        None if consistency is None else float(consistency),
        ratio,
        None if ratio is None else ratio * deviation / WHOLE,
    )


def _shape(attempts: int, powers: list[int], variance: Fraction) -> tuple[float | None, float | None]:
    """Return skewness and excess kurtosis, from the k-statistics."""
    s = attempts
    raw = [Fraction(power, s) for power in powers]
    mean = raw[0]
    m2 = raw[1] - mean**2
    m3 = raw[2] - 3 * mean * raw[1] + 2 * mean**3
    m4 = raw[3] - 4 * mean * raw[2] + 6 * mean**2 * raw[1] - 3 * mean**4
    skewness = kurtosis = None
    if s >= FEWEST_FOR_SKEWNESS:
        k3 = s**2 * m3 / ((s - 1) * (s - 2))
        # The root of an exact quotient, with its sign: k₃ and k₂^1.5 alone may be too large or too small for a float.
        skewness = sqrt(k3**2 / variance**3) * (1 if k3 >= 0 else -1)
    if s >= FEWEST_FOR_KURTOSIS:
        k4 = s**2 * ((s + 1) * m4 - 3 * (s - 1) * m2**2) / ((s - 1) * (s - 2) * (s - 3))
        kurtosis = float(k4 / variance**2)
    return skewness, kurtosis


def _consistency(sums: QuizSums, spread: int) -> Fraction | None:
    """Return Cronbach's alpha in per cent over the places that can bring points."""
    places = [place for place in sums.places.values() if place.maximum]
    if len(places) < 2 or sums.attempts < FEWEST_FOR_CONSISTENCY:  # noqa: PLR2004 (one place agrees with nothing)
        return None
    inside = sum(_spread(sums.attempts, place.x, place.xx) for place in places)
    return WHOLE * Fraction(len(places), len(places) - 1) * (1 - Fraction(inside, spread))


def item_figures(sums: QuizSums) -> dict[int, ItemFigures]:
    """Return the figures of each item revision, without flags: those want to know the item."""
    shared = {item: _shared(each) for item, each in sums.items.items()}
    roots = sum(sqrt(cov) for cov in shared.values() if cov is not None and cov >= 0)
    return {item: _figures_of_item(each, shared[item], roots) for item, each in sums.items.items()}


def _shared(sums: ItemSums) -> Fraction | None:
    """Return C(x, T); None for fewer than two attempts."""
    s = sums.attempts
    return Fraction(s * sums.x_total - sums.x * sums.total, s * (s - 1)) if s > 1 else None


def _figures_of_item(sums: ItemSums, shared: Fraction | None, roots: float) -> ItemFigures:
    s = sums.attempts
    if s < 1 or not sums.maximum:
        return ItemFigures(s)
    facility = float(Fraction(sums.x, sums.maximum))
    if shared is None:
        return ItemFigures(s, facility)
    own = _spread(s, sums.x, sums.xx)
    totals = _spread(s, sums.total, sums.total_squared)
    with_total = s * sums.x_total - sums.x * sums.total
    with_rest, rest = with_total - own, totals - 2 * with_total + own
    largest = _largest(sums)
    return ItemFigures(
        s,
        facility,
        WHOLE * sqrt(Fraction(own, s * (s - 1))) / float(Fraction(sums.maximum, s)) if own else None,
        WHOLE * with_rest / sqrt(own * rest) if own and rest else None,
        float(Fraction(WHOLE * with_rest, largest)) if largest else None,
        WHOLE * sqrt(shared) / roots if roots and own and totals and shared >= 0 else None,
        is_negative=shared < 0,
    )


def _largest(sums: ItemSums) -> int:
    """Return S(S - 1)·Cmax: the covariance of x and X, had the best marks met the best rests, and so on down."""
    marks, rests = sorted(sums.marks.items()), sorted(sums.rests.items())
    products = index = 0
    left = rests[0][1] if rests else 0
    for mark, count in marks:
        while count:
            taken = min(count, left)
            products += mark * rests[index][0] * taken
            count -= taken  # noqa: PLW2901 (what is left of it)
            left -= taken
            if not left and index + 1 < len(rests):
                index += 1
                left = rests[index][1]
    return sums.attempts * products - sums.x * (sums.total - sums.x)


def _spread(count: int, first: int, second: int) -> int:
    """Return S(S - 1)·V of S numbers with these sums of first and second powers."""
    return count * second - first * first


def median(counts: Mapping[int, int]) -> Fraction:
    """Return the middle one of so many of each number, or between two middle ones their mean."""
    total = sum(counts.values())
    return Fraction(_nth(counts, (total - 1) // 2) + _nth(counts, total // 2), 2)


def _nth(counts: Mapping[int, int], place: int) -> int:
    """Return the number in this place of them all, sorted and counted from 0."""
    passed = 0
    for number in sorted(counts):
        passed += counts[number]
        if passed > place:
            return number
    raise IndexError(place)


def flags_of(sums: ItemSums, figures: ItemFigures, *, guess: Fraction | None, distractors: Mapping[str, int]) -> tuple[str, ...]:
    """Return what is suspicious about an item: negative, guessing, efficiency, distractor.

    ``guess`` is the share that guessing brings, None where that is not known; ``distractors`` say how often each wrong choice was taken.
    """
    flags = []
    if (figures.discrimination is not None and figures.discrimination < 0) or figures.is_negative:
        flags.append("negative")
    if guess is not None and sums.maximum and Fraction(sums.x, sums.maximum) < guess:
        flags.append("guessing")
    if figures.efficiency is not None and figures.efficiency < LOW_EFFICIENCY:
        flags.append("efficiency")
    if sums.attempts and any(not count for count in distractors.values()):
        flags.append("distractor")
    return tuple(flags)
