"""Counting without any cleverness: every question asked of a list of everything that happened."""

from dataclasses import dataclass, field
from datetime import date, datetime

from elearn.countries import countries

PARENTS = {"KE1-LAW": "KE1"}
HOME = {"KE1": "KE", "KE1-LAW": "KE", "KE1-ABROAD": "UG", "KE2": "KE", "FR1": "FR"}


@dataclass(frozen=True)
class Happened:
    """An act that may count: by whom, when, where, on what."""

    who: str
    at: datetime
    institution: str
    course_class: str = ""
    module: int = 0
    language: str = ""


@dataclass
class Diary:
    """Everything that happened."""

    learned: list[Happened] = field(default_factory=list)
    seats: list[Happened] = field(default_factory=list)
    published: list[Happened] = field(default_factory=list)
    #: Who was professor of a class from when to when.
    taught: list[tuple[str, str, datetime, datetime | None]] = field(default_factory=list)
    #: Who was confirmed as professor where, from when to when; the maker of the world always is.
    confirmed: list[tuple[str, str, datetime, datetime | None]] = field(default_factory=list)

    def professors(self) -> list[Happened]:
        found = [act for act in self.published if act.who == "Maker" or self.is_confirmed(act)]
        for act in self.learned:
            for who, course_class, since, until in self.taught:
                same_month = (since.year, since.month) == (act.at.year, act.at.month)
                was_there = since <= act.at and (until is None or act.at < until)
                if course_class == act.course_class and (was_there or (same_month and act.at <= since)):
                    found.append(Happened(who, act.at, act.institution))
        return found

    def confirm(self, who: str, institution: str, at: datetime, *, is_so: bool) -> None:
        known = [(until, since) for w, place, since, until in self.confirmed if (w, place) == (who, institution)]
        current = next((since for until, since in known if until is None), None)
        if is_so and current is None:
            self.confirmed.append((who, institution, at, None))
        elif not is_so and current is not None:
            self.confirmed.remove((who, institution, current, None))
            self.confirmed.append((who, institution, current, at))

    def is_confirmed(self, act: Happened) -> bool:
        return any(
            (who, place) == (act.who, act.institution) and since <= act.at and (until is None or act.at < until)
            for who, place, since, until in self.confirmed
        )


def is_in_unit(act: Happened, unit: str) -> bool:
    kind, _, key = unit.partition(":")
    country = HOME[act.institution]
    if kind == "class":
        return act.course_class == key
    if kind == "institution":
        return key in {act.institution, PARENTS.get(act.institution)}
    if kind == "country":
        return country == key
    return key in {"001", countries()[country].subregion_m49, countries()[country].region_m49}


def is_in_period(act: Happened, period: str) -> bool:
    year, month = act.at.year, act.at.month
    if period == "ever":
        return True
    if "/" in period:
        return date(int(period[:4]), 9, 1) <= act.at.date() < date(int(period[:4]) + 1, 9, 1)
    if "Q" in period:
        return f"{year}-Q{(month + 2) // 3}" == period
    return act.at.strftime("%Y-%m").startswith(period) if "-" in period else str(year) == period


def is_in_facet(act: Happened, facet: str, modules: list[int]) -> bool:
    kind, _, key = facet.partition(":")
    if kind == "module":
        return str(modules[act.module]) == key
    return act.language == key if kind == "language" else True


def all_units(acts: list[Happened]) -> set[str]:
    units = {"area:001"}
    for act in acts:
        country = HOME[act.institution]
        units |= {f"institution:{act.institution}", f"country:{country}", f"area:{countries()[country].subregion_m49}"}
        units |= {f"area:{countries()[country].region_m49}"}
        units |= {f"institution:{PARENTS[act.institution]}"} if act.institution in PARENTS else set()
        units |= {f"class:{act.course_class}"} if act.course_class else set()
    return units


def all_periods(acts: list[Happened]) -> set[str]:
    periods = {"ever"}
    for act in acts:
        began = act.at.year - (act.at.month < 9)
        periods |= {act.at.strftime("%Y-%m"), str(act.at.year), f"{act.at.year}-Q{(act.at.month + 2) // 3}"}
        periods |= {f"{began}/{(began + 1) % 100:02}"}
    return periods


def cells(diary: Diary, modules: list[int]) -> dict[tuple[str, str, str, str], int]:
    """Return every cell that is not nought, each asked for by itself."""
    found = {}
    facets = ["", *(f"module:{m}" for m in modules), "language:en", "language:fr"]
    for figure, acts, of in (("learners", diary.learned, facets), ("professors", diary.professors(), [""]), ("seats", diary.seats, [""])):
        for period in all_periods(acts):
            for unit in all_units(acts):
                for facet in of:
                    inside = [a for a in acts if is_in_period(a, period) and is_in_unit(a, unit) and is_in_facet(a, facet, modules)]
                    count = len(inside) if figure == "seats" else len({a.who for a in inside})
                    if count:
                        found[period, figure, facet, unit] = count
    return found
