"""The page of a section in a class: the one page that students ask for most, made once and filled in for each."""

from dataclasses import dataclass, replace

from flask import Response, get_template_attribute, render_template, session, url_for
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf

from elearn import cache
from elearn.accounts.permissions import Visitor
from elearn.accounts.service import is_demonstration
from elearn.adaptation.queries import EditionLine, edition_page
from elearn.catalogue.labels import contents_label, labelled_steps
from elearn.catalogue.open_reports import open_reports_line
from elearn.catalogue.queries import current_release, trusted
from elearn.learning.access import Desk
from elearn.web.blanks import PageWithBlanks, blank, filled
from elearn.web.contents import ContentsLink, steps_beside


@dataclass(frozen=True)
class _Somebody:
    """Whoever will read the page, while it is made."""

    name: str = blank("name")
    initials: str = blank("initials")
    mark: str = blank("account-mark")


def module_url(desk: Desk) -> str:
    """Return where the class has the module."""
    return url_for("learning.module_page", class_id=desk.seat.class_id, slug=desk.module.slug)


def contents_of(desk: Desk, current: str | None = None) -> list[ContentsLink]:
    """Return the sections that the desk's occupant may read, with what they have done."""
    base = module_url(desk)
    done = set(desk.done)
    return [
        ContentsLink(
            line.title,
            base + line.key,
            line.key == current,
            contents_label(line.kind, line.audience),
            line.minutes,
            None if desk.seat.is_staff else line.key in done,
        )
        for line in desk.lines
    ]


def section_page(desk: Desk, line: EditionLine) -> Response:
    """Return the page of ``line`` for the desk's occupant."""
    seat, visitor = desk.seat, desk.seat.visitor
    language = str(get_locale())
    key = (current_release(), seat.class_id, seat.edition.id, desk.module.module_id, line.key, seat.is_staff, _frame_of(visitor), language)
    token = _token()
    values: dict[str, object] = {"name": visitor.name, "initials": visitor.initials, "csrf-token": token, "done-count": desk.done_count}
    values["account-mark"] = visitor.mark
    if seat.is_staff:
        values["open-reports"] = _open_reports(desk, line)
    else:
        mark = _done_mark(language)
        done = set(desk.done)
        values |= {f"done-{known.key}": mark if known.key in done else "" for known in desk.lines}
        values["mark-form"] = _mark_form(desk, line, language, token)
    return filled(key, lambda: _page_with_blanks(desk, line), values)


def _open_reports(desk: Desk, line: EditionLine) -> str:
    """Return what tells those who teach how many reports wait on this page: one more statement, for them alone."""
    module, seat = desk.module, desk.seat
    language = edition_page(seat.edition.id, module.module_id, line.key).language
    return open_reports_line(module.module_id, module.slug, line.key, language, seat.class_id)


def _token() -> str:
    """Return this session's token; signing it anew for each page would change nothing but its date, which we do not limit."""
    secret = session.get("csrf_token")
    return cache.kept("tokens", secret, generate_csrf, most=5000) if secret else generate_csrf()


def _frame_of(visitor: Visitor) -> tuple[object, ...]:
    """Return what the frame of a page depends on besides the name: the navigation and the demonstration's band."""
    return (is_demonstration(), *sorted({permission for held in visitor.memberships for permission in held.permissions}))


def _done_mark(language: str) -> str:
    def make() -> str:
        return get_template_attribute("parts/reading.html", "done_mark")()

    return cache.kept("done-marks", language, make)


def _mark_form(desk: Desk, line: EditionLine, language: str, token: str) -> object:
    """Return the form that marks the section done, or not done after all; where the class is over, the words that say so."""
    if line.audience != "everyone":
        return ""
    url, is_done, closed = module_url(desk) + line.key, line.key in desk.done, desk.seat.closed()
    page = cache.kept(
        "mark-forms",
        (url, is_done, closed, language),
        lambda: PageWithBlanks(render_template("learning/mark-form.html", url=url, is_done=is_done, closed=closed)),
        most=4000,
    )
    return trusted(page.fill({"csrf-token": token}))


def _page_with_blanks(desk: Desk, line: EditionLine) -> str:
    """Return the page with blanks for what is personal."""
    page = edition_page(desk.seat.edition.id, desk.module.module_id, line.key)
    contents = [
        link if link.done is None else replace(link, mark=blank(f"done-{known.key}"))
        for link, known in zip(contents_of(desk, line.key), desk.lines, strict=True)
    ]
    previous, following = steps_beside(contents, quiz_step(desk))
    return render_template(
        "learning/section.html",
        person=_Somebody(),
        csrf_token=lambda: blank("csrf-token"),
        desk=desk,
        line=line,
        page=page,
        contents=contents,
        previous=previous,
        following=following,
        counts=line.audience == "everyone" and not desk.seat.is_staff,
        steps=labelled_steps(page.steps),
    )


def quiz_step(desk: Desk) -> tuple[str, str] | None:
    """Return what comes after the last section: the quiz, if there is one."""
    return (desk.module.quiz["title"], module_url(desk) + "quiz") if desk.module.quiz is not None else None
