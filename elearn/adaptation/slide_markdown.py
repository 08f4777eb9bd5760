"""A slides outline as Markdown: one slide after another, with a line of three hyphens between, as slide programs read it. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from elearn.adaptation.slide_words import as_markdown
from elearn.adaptation.slides import Slide
from elearn.catalogue.yaml_write import dumped

#: How notes for who speaks are written: as a comment, which Marp and its kin show to the speaker, or as pandoc's division.
NOTES = ("marp", "pandoc")


def written(
    head: Mapping[str, object],
    slides: Iterable[Slide],
    *,
    label: Callable[[Slide], str],
    picture: Callable[[str], str],
    notes: str = "marp",
) -> str:
    """Return the slides as a file; ``label`` says what a slide is, where that is not plain, ``picture`` where a picture is found."""
    deck = [dumped(dict(head)).rstrip("\n")]
    deck += ["\n".join(_slide(slide, label(slide), picture, notes)).strip("\n") for slide in slides]
    return "---\n" + "\n\n---\n\n".join(deck).replace("\n\n---\n\n", "\n---\n\n", 1) + "\n"


def _slide(slide: Slide, label: str, picture: Callable[[str], str], notes: str) -> Iterator[str]:
    title = ": ".join(part for part in (label, slide.title) if part)
    # Pandoc makes a slide of each heading of the second level; one of the first, alone, opens a part.
    yield f"{'#' if slide.kind == 'module' else '##'} {as_markdown(title)}"
    yield ""
    if slide.figure:
        address = picture(slide.figure.name)
        yield f"![{as_markdown(slide.figure.alt)}]({address})" if address else as_markdown(slide.figure.alt)
        yield ""
        if slide.figure.caption:
            yield as_markdown(slide.figure.caption)
    yield from (f"- {as_markdown(point)}" for point in slide.points)
    if slide.notes:
        yield ""
        yield from _notes(slide.notes, notes)


def _notes(passages: Iterable[str], notes: str) -> Iterator[str]:
    if notes == "pandoc":
        yield "::: notes"
        yield "\n\n".join(map(as_markdown, passages))
        yield ":::"
        return
    # A comment ends at the first two hyphens that a sign follows: those in the text are set apart.
    yield "<!--"
    yield "\n\n".join(passage.replace("--", "- -").replace("->", "- >") for passage in passages)
    yield "-->"
