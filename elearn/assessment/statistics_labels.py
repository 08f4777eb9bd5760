"""What the figures of statistics are called, what each says in a sentence, and when to worry. ``docs/statistics.md`` says it at length."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext


@dataclass(frozen=True)
class Label:
    """A figure's name, its sentence, and from how many attempts on it has a value."""

    name: str
    label: Any
    meaning: Any
    #: ``percent``, or a plain number.
    unit: str = "percent"
    needs: int = 2


QUIZ_FIGURES = (
    Label(
        "mean",
        _l("Mean"),
        _l("The average result. Between 50 and 75 per cent a quiz tells people apart best; much lower, it was too hard or came too early."),
        needs=1,
    ),
    Label(
        "median",
        _l("Median"),
        _l("Half of the students reached at least this. Far from the mean, a few very good or very weak results pull the mean."),
        needs=1,
    ),
    Label(
        "deviation",
        _l("Standard deviation"),
        _l("How far results lie apart. Between 12 and 18 per cent is usual; below, the quiz hardly tells people apart."),
    ),
    Label(
        "skewness",
        _l("Skewness"),
        _l("Below −1 many did very well and the quiz tells little about them; above 1 many did poorly."),
        "number",
        3,
    ),
    Label(
        "kurtosis",
        _l("Kurtosis"),
        _l("Between 0 and 1 is usual. Above 1, most results lie close together with a few far off."),
        "number",
        4,
    ),
    Label(
        "consistency",
        _l("Internal consistency (Cronbach's alpha)"),
        _l("Whether the questions measure the same. From 75 per cent on it is good; below 64, look at the flagged questions first."),
        needs=3,
    ),
    Label(
        "error_ratio",
        _l("Error ratio"),
        _l("How much of the spread is chance. Below 50 per cent is good; a quiz to pass or fail by should not be above."),
        needs=3,
    ),
    Label(
        "standard_error",
        _l("Standard error"),
        _l("How far a result may be off by chance: of two results closer than this, neither is better."),
        needs=3,
    ),
)

ITEM_FIGURES = (
    Label("facility", _l("Facility"), _l("The average share of the points. Below 35 per cent is hard, above 90 easy."), needs=1),
    Label(
        "deviation",
        _l("Standard deviation"),
        _l("How far the marks on it lie apart, out of its points. Near nothing: everybody did the same."),
    ),
    Label(
        "discrimination",
        _l("Discrimination"),
        _l("Whether those who did well in the rest did well here: from −100 to 100. From 30 on it is good; below 0 suspect the key."),
    ),
    Label(
        "efficiency",
        _l("Efficiency"),
        _l("Discrimination out of what is possible at this facility. From 50 on it is good; below 15 it is flagged."),
    ),
    Label("weight", _l("Weight"), _l("How much of the differences between results comes from it. All weights make 100 per cent.")),
)

#: With fewer attempts, figures swing: they are hints.
STEADY = 30


def why_none(label: Label, attempts: int, *, is_negative: bool = False) -> str:
    """Return why a figure has no value."""
    if attempts < label.needs:
        return ngettext("Wants at least %(num)s attempt.", "Wants at least %(num)s attempts.", label.needs)
    if is_negative and label.name == "weight":
        return _("None: its marks go against the totals.")
    if label.name in {"consistency", "error_ratio", "standard_error"}:
        return _("Wants at least two questions, and results that differ.")
    return _("None: the marks do not differ.")


def flag_titles() -> dict[str, str]:
    """Return what each flag is called."""
    return {
        "negative": _("Negative discrimination"),
        "guessing": _("Below guessing"),
        "efficiency": _("Low efficiency"),
        "distractor": _("A choice nobody takes"),
    }


def flag_words(flag: str, *, guess: float | None = None, unused: str = "") -> str:
    """Return what a flag means and what to do about it."""
    match flag:
        case "negative":
            return _("Those who did better in the rest did worse here. Look at the key first, then at what the wording may lead to.")
        case "guessing":
            percent = round(100 * (guess or 0))
            return _("It brought fewer points than blind guessing would (%(percent)s %%). Often the wording misleads.", percent=percent)
        case "efficiency":
            return _("It hardly tells apart those who did well in the rest and those who did not.")
        case _:
            if unused:
                return _("Nobody took: %(choices)s. Replace it by a mistake that people really make.", choices=unused)
            return _("A wrong choice that misleads nobody only costs reading. Replace it by a mistake that people really make.")
