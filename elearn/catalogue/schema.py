"""The shape of every file of the series, as ``docs/content-authors.md`` describes it: strict, and nothing unknown is let pass. Pure."""
# ruff: noqa: RUF012 (pydantic copies a default)

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from elearn.catalogue.faults import Faults
from elearn.catalogue.items.source import Key, Strict, Text
from elearn.catalogue.yaml_source import Where, YamlSource

Kind = Literal["module", "guide"]
Level = Literal["university", "secondary", "primary", "practitioner"]
Bloom = Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
SectionKind = Literal[
    "introduction", "key-issue", "case-study", "exercise", "conclusion", "references", "core-reading", "advanced-reading",
    "class-structure", "assessment", "tools",
]  # fmt: skip
StepForm = Literal["lecture", "discussion", "group-work", "exercise", "demonstration", "quiz", "reading", "break"]
ReferenceType = Literal["treaty", "resolution", "legislation", "case", "standard", "report", "book", "chapter", "article", "webpage"]
SlotKey = Literal["national-law", "reporting-body", "local-case"]

Title = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]
Short = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]
Version = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]
Licence = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.+-]+$", max_length=40)]
Web = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]
Minutes = Annotated[int, Field(ge=1, le=600)]
PictureName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\.(svg|png|jpg|jpeg|webp)$", max_length=80)]


class SeriesFile(Strict):
    """``series.yml``."""

    key: Key
    version: Version
    title: dict[Language, Title]
    description: dict[Language, Text]
    publisher: Short
    licence: Licence
    languages: Annotated[list[Language], Field(min_length=1)]
    modules: Annotated[list[Key], Field(min_length=1)]


class TermEntry(Strict):
    """One term of ``glossary.yml``."""

    key: Key
    module: Key
    term: dict[Language, Title]
    definition: dict[Language, Text]


class ReferenceEntry(Strict):
    """One source of ``references.yml``."""

    key: Key
    type: ReferenceType
    authors: list[Short] = []
    year: Annotated[int, Field(ge=1000, le=2100)] | None = None
    title: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    container: Short | None = None
    volume: Short | None = None
    issue: Short | None = None
    pages: Short | None = None
    publisher: Short | None = None
    place: Short | None = None
    court: Short | None = None
    number: Short | None = None
    doi: Annotated[str, StringConstraints(pattern=r"^10\.[0-9]{4,9}/\S+$")] | None = None
    isbn: Annotated[str, StringConstraints(pattern=r"^[0-9][0-9 -]{8,15}[0-9X]$")] | None = None
    url: Web | None = None
    note: Text | None = None
    open: bool = False


class OutcomeEntry(Strict):
    """A learning outcome: its id and how demanding it is."""

    id: Key
    bloom: Bloom


class ModuleYml(Strict):
    """``module.yml``: what does not depend on a language."""

    slug: Key
    number: Annotated[int, Field(ge=0, le=99)]
    version: Version
    changes: Annotated[dict[Version, Text], Field(min_length=1)]
    kind: Kind
    level: Level
    hours: Annotated[int | Decimal, Field(gt=0, le=200, multiple_of=Decimal("0.1"))]
    disciplines: list[Short] = []
    keywords: list[Short] = []
    outcomes: list[OutcomeEntry] = []
    content_notes: list[Key] = []
    requires: list[Key] = []
    authors: Annotated[list[Short], Field(min_length=1)]
    licence: Licence


class ModuleMd(Strict):
    """The head of ``module.md``."""

    title: Title
    summary: Text
    outcomes: dict[Key, Text] = {}
    content_notes: dict[Key, Text] = {}
    translates: Version | None = None


class StepEntry(Strict):
    """One step of a class structure."""

    key: Key
    title: Title
    minutes: Minutes
    form: StepForm
    required: bool
    text: Text | None = None


class SectionMd(Strict):
    """The head of a section in the source language."""

    title: Title
    kind: SectionKind
    audience: Literal["everyone", "teacher"]
    minutes: Minutes
    outcomes: list[Key] = []
    formerly: list[Key] = []
    descriptions: dict[PictureName, Text] = {}
    steps: list[StepEntry] = []


class StepWording(Strict):
    """A step of a class structure in another language."""

    key: Key
    title: Title
    text: Text | None = None


class TranslatedSectionMd(Strict):
    """The head of a translated section: wording only."""

    title: Title
    descriptions: dict[PictureName, Text] = {}
    steps: list[StepWording] = []


class DrawRule(Strict):
    """How many items with a tag an attempt holds."""

    tag: Short
    count: Annotated[int, Field(ge=1, le=200)]


class QuizFile(Strict):
    """``quiz.yml`` in the source language; each item is read by its type."""

    title: Title
    instructions: Text | None = None
    pass_mark: Annotated[int, Field(ge=0, le=100)]
    attempts: Annotated[int, Field(ge=0, le=100)]
    draw: list[DrawRule] = []
    grading: Literal["best", "first", "last", "average"] | None = None
    feedback: Literal["deferred", "immediate"] | None = None
    # Per cent of a question's points that each further try costs.
    penalty: Annotated[int, Field(ge=0, le=100)] | None = None
    minutes: Annotated[int, Field(ge=1, le=1440)] | None = None
    items: Annotated[list[Any], Field(min_length=1)]


class TranslatedQuizFile(Strict):
    """``quiz.yml`` in another language: wording only; each item is read by its type."""

    title: Title
    instructions: Text | None = None
    items: list[Any]


Shape = TypeVar("Shape", bound=BaseModel)


def take(shape: type[Shape], source: YamlSource, path: str, faults: Faults, where: Where = ()) -> Shape | None:
    """Return the value at ``where`` in the given shape; None, with a fault for each departure, where it has another."""
    try:
        return shape.model_validate(_at(source, where))
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            place = source.place((*where, *detail["loc"]))
            code, message = _explained(detail)
            faults.add(path, place.line, code, message, column=place.column)
        return None


def salvage(shape: type[Shape], value: Any, filling: dict[str, Any]) -> tuple[Shape, frozenset[str]]:
    """Return what can be used of a value whose faults are noted already, and the names of what was left out.

    So one fault in a head does not hide those of the text below it. ``filling`` stands for what is left out and cannot be missing.
    """
    given = {key: each for key, each in value.items() if key in shape.model_fields} if isinstance(value, dict) else {}
    while True:
        missing = {key: filling[key] for key, field in shape.model_fields.items() if field.is_required() and key not in given}
        try:
            return shape.model_validate({**given, **missing}), frozenset(shape.model_fields.keys() - given.keys())
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                del given[str(detail["loc"][0])]
                break


def _at(source: YamlSource, where: Where) -> Any:
    value = source.value
    for part in where:
        value = value[part]
    return value


#: What the patterns above mean, in words.
_PATTERNS = {
    "^[a-z][a-z0-9-]*$": "a key is lower-case letters, digits and hyphens, and begins with a letter",
    r"\S": "there is no text",
    r"^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$": "a version is three numbers with dots: 1.0.0",
    r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$": "a language is written en, fr, zh-Hans, pt-BR (BCP 47)",
    r"^[A-Za-z0-9.+-]+$": "a licence is an SPDX identifier: CC-BY-4.0",
    r"^https?://[^\s<>\"]+$": "an address begins with https://",
    r"^10\.[0-9]{4,9}/\S+$": "a DOI is written 10.1234/abc, without an address before it",
    r"^[0-9][0-9 -]{8,15}[0-9X]$": "an ISBN has 10 or 13 digits",
}


def _explained(detail: ErrorDetails) -> tuple[str, str]:
    """Return the code and the message of a departure, in the authors' words."""
    name = ".".join(str(part) for part in detail["loc"] if part != "[key]") or "the file"
    value = detail["input"]
    match detail["type"]:
        case "extra_forbidden":
            return "unknown-key", f"“{detail['loc'][-1]}” is not known here"
        case "missing":
            return "missing-key", f"“{detail['loc'][-1]}” is missing"
        case _ if detail["loc"][-1:] in {("int",), ("decimal",)}:
            return "wrong-type", f"{name.rpartition('.')[0]}: should be a number, found {_found(value)}"
        case "string_type" | "literal_error" if isinstance(value, bool):
            return "wrong-type", f'{name}: YAML reads this as a truth value; to mean the text, quote it: "{str(value).lower()}"'
        case "string_type" if isinstance(value, int | Decimal):
            return "wrong-type", f'{name}: YAML reads this as a number; to mean the text, quote it: "{value}"'
        case kind if kind.endswith("_type") or kind in {"is_instance_of", "model_attributes_type"}:
            return "wrong-type", f"{name}: {_lower(detail['msg'])}, found {_found(value)}"
        case "string_pattern_mismatch" if words := _PATTERNS.get(detail["ctx"]["pattern"]):
            return "wrong-value", f"{name}: {words}"
    return "wrong-value", f"{name}: {_lower(detail['msg'])}"


def _found(value: Any) -> str:
    return {dict: "a map", list: "a list", str: "text", bool: "true or false", type(None): "nothing"}.get(type(value), "a number")


def _lower(message: str) -> str:
    short = (
        re.sub(r"^(Input|Value|List|String|Dictionary) ", "", message)
        .replace("Decimal('0.00001')", "0.00001")
        .replace("Decimal('0.1')", "0.1")
    )
    return (
        short.replace("a valid dictionary", "a map")
        .replace("a valid list", "a list")
        .replace("a valid string", "text")
        .replace("a valid boolean", "true or false")
    )
