"""Updates from upstream: offered in words, looked at, taken with what only a professor can decide, undone; nothing of theirs is lost."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.adaptation import overlays, service
from elearn.adaptation.base_queries import BaseRef
from elearn.adaptation.course_queries import AdaptedModule, adapted_module, adapted_modules
from elearn.adaptation.course_service import save_changes
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.models import Course, Overlay
from elearn.adaptation.queries import edition, edition_page
from elearn.adaptation.update_queries import Offer, courses_with_updates, offers, offers_of
from elearn.audit import AuditEntry
from elearn.db import counted_statements, db, unit_of_work
from tests.adaptation.upstream import FOLDER, SLUG, TWIN, TWIN_FOLDER, Upstream
from tests.cast import Cast, visitor_of
from tests.reader import Browser, Page, text_of

TOUCHED, PLAIN, HIDDEN = "who-is-connected", "computers-and-networks", "why-people-offend"
UNTOUCHED = "prevention-in-outline"
FIRST = "Crime follows daily life, so that when work, shopping and love move online"
HEAD = {"title": "Our law", "kind": "key-issue", "audience": "everyone", "minutes": 5, "outcomes": [], "steps": [], "descriptions": {}}


@pytest.fixture
def upstream(app: Flask) -> Upstream:
    return Upstream(app)


class Professor:
    """Bruno at his courses, with a browser, and a look behind the pages."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app, self.id = app, cast.bruno
        self.browser = Browser.of(app, cast.bruno)
        with self.inside():
            self.visitor = visitor_of(cast.bruno)
            self.course_id = db.session.scalars(select(Course.id).where(Course.created_by_id == cast.bruno)).one()

    @contextmanager
    def inside(self) -> Iterator[None]:
        with self.app.app_context(), self.app.test_request_context():
            yield

    def course(self) -> Course:
        return db.session.get_one(Course, self.course_id)

    def module(self, slug: str = SLUG) -> AdaptedModule:
        with self.inside():
            found = adapted_module(self.course(), slug)
            assert found
            return found

    def modules(self) -> tuple[AdaptedModule, ...]:
        with self.inside():
            return adapted_modules(self.course())

    def offers(self) -> tuple[Offer, ...]:
        with self.inside():
            return offers_of(self.course())

    def with_updates(self) -> list[int]:
        with self.inside():
            return [course.id for course in courses_with_updates(self.id)]

    def save(self, change, slug: str = SLUG) -> None:
        with self.inside(), unit_of_work():
            module = adapted_module(self.course(), slug)
            save_changes(self.visitor, self.course(), module, change(module), seen=module.overlay.number)

    def publish(self) -> int:
        with self.inside(), unit_of_work():
            return publish_edition(self.course(), person_id=self.id).id

    def shown(self, edition_id: int, key: str, slug: str = SLUG) -> str:
        """Return the page of a section in an edition."""
        with self.inside():
            return edition_page(edition_id, edition(edition_id).module(slug).module_id, key).html

    def make_course(self, title: str, slugs: list[str]) -> int:
        """Make another course, and go on with that one."""
        with self.inside(), unit_of_work():
            lagos = self.course().institution_id
            self.course_id = service.make_course(institution_id=lagos, title=title, slugs=slugs, language="en", person_id=self.id).id
        return self.course_id

    @property
    def updates(self) -> str:
        return f"/teach/courses/{self.course_id}/updates"

    def address(self, slug: str = SLUG) -> str:
        return f"/teach/courses/{self.course_id}/{slug}/update"

    def look(self, slug: str = SLUG) -> Page:
        return self.browser.get(self.address(slug))

    def chosen(self, page: Page, choice: str = "", wording: str = "") -> dict[str, str]:
        """Return the page's form, with one choice for every question."""
        fields = page.form(self.address())
        for name in [name for name in fields if name.startswith("take-")]:
            fields[name] = choice or fields[name]
            if wording:
                fields[name.replace("take-", "text-")] = wording
        return fields

    def take(self, choice: str = "", wording: str = "") -> Page:
        return self.browser.submit(self.address(), self.chosen(self.look(), choice, wording))


@pytest.fixture
def bruno(app: Flask, cast: Cast) -> Professor:
    return Professor(app, cast)


def text(module: AdaptedModule, key: str) -> str:
    section = module.source.section(key)
    assert section, key
    return section.markdown


def replaced(before: str, after: str, key: str):
    """Return the change that puts a text in the place of another in a section."""

    def change(module: AdaptedModule) -> dict:
        section = module.made_on(key)
        found = text(module, key)
        assert before in found
        return overlays.with_text(module.overlay.changes, section, found.replace(before, after, 1))

    return change


def adapt(bruno: Professor) -> None:
    """Adapt two sections, hide one, add one, and fill a slot."""
    bruno.save(replaced(FIRST, f"In Lagos, {FIRST.lower()}", TOUCHED))
    bruno.save(replaced("The most widely used estimates", "The estimates that we use", TOUCHED))
    bruno.save(lambda module: overlays.with_head(module.overlay.changes, module.made_on(UNTOUCHED), {"minutes": 9}))
    bruno.save(lambda module: overlays.hidden(module.overlay.changes, HIDDEN))
    bruno.save(lambda module: overlays.with_added(module.overlay.changes, "c1-our-law", HEAD, "The law of Nigeria.\n", after=TOUCHED))
    bruno.save(lambda module: {**module.overlay.changes, "slots": {"national-law": "The *Cybercrimes Act* applies."}})


def publish_next(upstream: Upstream) -> None:
    """Have upstream change one passage that the course changed, one of the same section that it did not, and an untouched section."""
    upstream.change(f"{FOLDER}/en/20-{TOUCHED}.md", FIRST, FIRST.replace("Crime follows", "Crime has always followed"))
    upstream.change(f"{FOLDER}/en/20-{TOUCHED}.md", "These are estimates, not a count", "These are careful estimates, and no count")
    upstream.change(f"{FOLDER}/en/30-{HIDDEN}.md", "\n---\n", "\n---\nA new first passage of a section that the course has hidden.\n\n")
    upstream.change(f"{FOLDER}/en/15-{PLAIN}.md", "\n---\n", "\n---\nA new first passage of a section that nobody has touched.\n\n")
    upstream.release("1.2.0", "Better words on who is connected.")


def test_nothing_newer_is_no_offer_and_the_page_says_so(bruno: Professor) -> None:
    assert bruno.offers() == ()
    assert bruno.with_updates() == []
    assert "Nothing is newer upstream" in bruno.look().text
    assert "All modules are up to date" in bruno.browser.get(bruno.updates).text
    assert "has updates" not in bruno.browser.get("/home").text


def test_an_offer_says_in_words_what_changed_in_every_version_since(bruno: Professor, upstream: Upstream) -> None:
    publish_next(upstream)
    upstream.change(f"{FOLDER}/en/20-{TOUCHED}.md", "the skill to use it safely", "the skill to use it well")
    upstream.release("1.2.1", "One word.")
    (offer,) = bruno.offers()
    assert [(note.version, note.words) for note in offer.notes] == [("1.2.1", "One word."), ("1.2.0", "Better words on who is connected.")]
    assert offer.newer == BaseRef(offer.module_id, upstream.newest())
    assert bruno.with_updates() == [bruno.course_id]


def test_what_is_newer_is_asked_in_few_statements_however_many_courses(bruno: Professor, upstream: Upstream) -> None:
    upstream.add_twin()
    for number in range(6):
        bruno.make_course(f"Course {number}", [SLUG, TWIN])
    publish_next(upstream)
    with bruno.inside():
        courses = db.session.scalars(select(Course)).all()
        offers(courses)
        with counted_statements() as counted:
            found = offers(courses)
    assert len(found) == len(courses) > 6
    assert len(counted) <= 4, counted


def test_a_preview_counts_and_writes_nothing(bruno: Professor, upstream: Upstream) -> None:
    adapt(bruno)
    publish_next(upstream)
    number = bruno.module().overlay.number
    page = bruno.look()
    assert "2 passages updated" in page.text
    assert "1 needs a choice" in page.text
    assert "Better words on who is connected." in page.text
    # What follows is shown word by word.
    assert {"new: careful", "new: and no", "new: has always followed"} <= {text_of(each) for each in page.root.iter("ins")}
    assert "A new first passage of a section that nobody has touched." in page.text
    assert "A new first passage of a section that the course has hidden." not in page.text
    assert bruno.module().overlay.number == number


def test_an_update_is_taken_with_one_choice_nothing_is_lost_and_the_new_edition_shows_it(bruno: Professor, upstream: Upstream) -> None:
    adapt(bruno)
    first = bruno.publish()
    publish_next(upstream)
    after = bruno.take()
    assert "1 module is updated." in after.text
    assert "All modules are up to date" in after.text
    overlay = bruno.module().overlay
    assert (overlay.act, overlay.base_revision_id) == ("update", upstream.newest())
    edition_id = bruno.publish()
    with bruno.inside():
        shown = edition(edition_id).module(SLUG)
    keys = [line.key for line in shown.lines]
    assert HIDDEN not in keys
    assert keys[keys.index(TOUCHED) + 1] == "c1-our-law"
    touched = bruno.shown(edition_id, TOUCHED)
    assert f"In Lagos, {FIRST.lower()}" in " ".join(touched.split())
    assert "The estimates that we use" in touched
    assert "These are careful estimates, and no count" in touched
    assert "nobody has touched" in bruno.shown(edition_id, PLAIN)
    assert "The law of Nigeria." in bruno.shown(edition_id, "c1-our-law")
    assert shown.line(UNTOUCHED).minutes == 9
    assert any("Cybercrimes Act" in bruno.shown(edition_id, key) for key in keys)
    # The edition that classes are taught on is as it was.
    assert "careful" not in bruno.shown(first, TOUCHED)


@pytest.mark.parametrize(
    ("choice", "wording", "shown"),
    [
        ("mine", "", "In Lagos, crime follows"),
        ("upstream", "", "Crime has always followed daily life"),
        ("text", "In Lagos as elsewhere, crime has *always* followed daily life.", "In Lagos as elsewhere, crime has *always*"),
    ],
)
def test_what_is_chosen_stands(bruno: Professor, upstream: Upstream, choice: str, wording: str, shown: str) -> None:
    adapt(bruno)
    publish_next(upstream)
    bruno.take(choice, wording)
    now = text(bruno.module(), TOUCHED)
    assert shown in now
    assert "The estimates that we use" in now


def test_own_wording_with_a_fault_is_refused_at_its_line_and_kept(bruno: Professor, upstream: Upstream) -> None:
    adapt(bruno)
    publish_next(upstream)
    number = bruno.module().overlay.number
    fields = bruno.chosen(bruno.look(), "text", "First line,\nthen [@nobody-wrote-this].")
    page = bruno.browser.post(bruno.address(), fields, 422)
    assert "Line 2" in page.text
    assert "nobody-wrote-this" in page.text
    kept = page.form(bruno.address())
    assert {name: kept[name] for name in kept if name.startswith("take-")} == {n: v for n, v in fields.items() if n.startswith("take-")}
    assert [kept[name] for name in kept if name.startswith("text-")] == ["First line, then [@nobody-wrote-this]."]
    assert bruno.module().overlay.number == number
    page = bruno.browser.post(bruno.address(), bruno.chosen(page, "text", " "), 422)
    assert "Write your wording" in page.text
    page = bruno.browser.post(bruno.address(), bruno.chosen(page, "text", "x" * 20_001), 422)
    assert "longer than 20000" in page.text


def test_a_wording_that_was_written_and_not_chosen_is_not_lost_in_silence(bruno: Professor, upstream: Upstream) -> None:
    adapt(bruno)
    publish_next(upstream)
    page = bruno.browser.post(bruno.address(), bruno.chosen(bruno.look(), "mine", "Words that nobody chose."), 422)
    assert "You wrote a wording of your own and chose another one." in page.text
    assert "Words that nobody chose." in page.form(bruno.address()).values()
    page = bruno.browser.post(bruno.address(), bruno.chosen(page, "upstream", " "))
    assert "Crime has always followed" in text(bruno.module(), TOUCHED)


def test_a_form_that_upstream_has_overtaken_is_refused_and_choices_that_fit_are_kept(bruno: Professor, upstream: Upstream) -> None:
    adapt(bruno)
    publish_next(upstream)
    fields = bruno.chosen(bruno.look(), "text", "My own words of it.")
    upstream.change(f"{FOLDER}/en/45-{UNTOUCHED}.md", "\n---\n", "\n---\nOne passage more.\n\n")
    upstream.release("1.3.0", "One more.")
    page = bruno.browser.post(bruno.address(), fields, 409)
    assert "Something changed meanwhile" in page.text
    again = page.form(bruno.address())
    assert [again[name] for name in again if name.startswith("take-")] == ["text"]
    assert [again[name] for name in again if name.startswith("text-")] == ["My own words of it."]
    # And once more, of the very passage: what was written for it is shown, not lost.
    upstream.change(f"{FOLDER}/en/20-{TOUCHED}.md", "Crime has always followed", "Crime has ever followed")
    upstream.release("1.3.1", "A word.")
    page = bruno.browser.post(bruno.address(), again, 409)
    assert "My own words of it." in page.text
    assert [value for name, value in page.form(bruno.address()).items() if name.startswith("take-")] == ["mine"]
    bruno.browser.post(bruno.address(), page.form(bruno.address()))


def test_a_colleague_who_was_faster_is_not_overwritten(bruno: Professor, upstream: Upstream, browse, cast: Cast) -> None:
    adapt(bruno)
    with bruno.inside(), unit_of_work():
        service.share_course(bruno.course_id, cast.dora)
    publish_next(upstream)
    fields = bruno.chosen(bruno.look(), "text", "What Bruno wrote.")
    theirs = browse(cast.dora)
    theirs.post(bruno.address(), bruno.chosen(theirs.get(bruno.address()), "upstream"))
    page = bruno.browser.post(bruno.address(), fields, 409)
    assert "What Bruno wrote." in page.text
    assert "Crime has always followed" in text(bruno.module(), TOUCHED)


def test_of_those_who_press_at_once_one_takes_the_update_and_the_others_are_told(bruno: Professor, upstream: Upstream, cast: Cast) -> None:
    adapt(bruno)
    with bruno.inside(), unit_of_work():
        service.share_course(bruno.course_id, cast.dora)
    publish_next(upstream)
    fields, number = bruno.chosen(bruno.look(), "text", "Words of one of them."), bruno.module().overlay.number
    browsers = [Browser.of(bruno.app, each) for each in (cast.bruno, cast.dora, cast.bruno, cast.dora)]
    sent = [fields | {"csrf_token": browser.csrf_token} for browser in browsers]
    found: list[int] = []
    gate = threading.Barrier(len(browsers))

    def press(browser: Browser, form: dict[str, str]) -> None:
        gate.wait()
        found.append(browser.client.post(bruno.address(), data=form).status_code)

    threads = [threading.Thread(target=press, args=pair) for pair in zip(browsers, sent, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [303, 409, 409, 409]
    assert bruno.module().overlay.number == number + 1


def test_choices_survive_that_a_colleague_changes_another_section(bruno: Professor, upstream: Upstream) -> None:
    adapt(bruno)
    publish_next(upstream)
    fields = bruno.chosen(bruno.look(), "text", "My own words of it.")
    bruno.save(lambda module: overlays.shown(module.overlay.changes, HIDDEN))
    page = bruno.browser.post(bruno.address(), fields, 409)
    bruno.browser.post(bruno.address(), page.form(bruno.address()))
    module = bruno.module()
    assert "My own words of it." in text(module, TOUCHED)
    assert "that the course has hidden" in text(module, HIDDEN)


def test_an_update_is_undone_to_the_exact_state_before(bruno: Professor, upstream: Upstream) -> None:
    adapt(bruno)
    before = bruno.module()
    state, base, source = before.overlay.changes, before.overlay.base_revision_id, before.source
    publish_next(upstream)
    page = bruno.take("upstream")
    undo = f"{bruno.updates}/undo"
    fields = page.form(undo)
    assert bruno.module().source != source
    bruno.browser.post(undo, fields)
    now = bruno.module()
    assert (now.overlay.changes, now.overlay.base_revision_id, now.source, now.overlay.act) == (state, base, source, "undo")
    assert [offer.is_put_off for offer in bruno.offers()] == [False]
    # A second press has nothing to undo any more.
    bruno.browser.post(undo, fields, 409)
    bruno.browser.post(undo, {}, 409)


def twins(upstream: Upstream, bruno: Professor) -> None:
    """Have a course of two modules, each of which upstream has newer."""
    upstream.add_twin()
    bruno.make_course("Both", [SLUG, TWIN])
    for folder in (FOLDER, TWIN_FOLDER):
        upstream.change(f"{folder}/en/20-{TOUCHED}.md", FIRST, FIRST.replace("Crime follows", "Crime has always followed"))
        upstream.release("1.2.0", "Better.", folder=folder)


def states(bruno: Professor) -> list[tuple[dict, int | None]]:
    return [(module.overlay.changes, module.overlay.base_revision_id) for module in bruno.modules()]


def test_all_modules_that_need_no_choice_are_updated_by_one_press_and_undone_by_one(bruno: Professor, upstream: Upstream) -> None:
    twins(upstream, bruno)
    page = bruno.browser.get(bruno.updates)
    assert "2 modules ask nothing of you." in page.text
    fields, before = page.form(bruno.updates), states(bruno)
    after = bruno.browser.submit(bruno.updates, fields)
    assert "2 modules are updated." in after.text
    assert [base for _changes, base in states(bruno)] == [upstream.newest(SLUG), upstream.newest(TWIN)]
    bruno.browser.post(bruno.updates, fields, 409)
    bruno.browser.post(f"{bruno.updates}/undo", after.form(f"{bruno.updates}/undo"))
    assert states(bruno) == before


def test_the_press_for_all_takes_nothing_that_was_not_looked_at(bruno: Professor, upstream: Upstream) -> None:
    twins(upstream, bruno)
    fields, before = bruno.browser.get(bruno.updates).form(bruno.updates), states(bruno)
    upstream.change(f"{FOLDER}/en/45-{UNTOUCHED}.md", "\n---\n", "\n---\nOne passage more.\n\n")
    upstream.release("1.3.0", "One more.")
    page = bruno.browser.post(bruno.updates, fields, 409)
    assert "One more." in page.text
    assert states(bruno) == before


def test_undoing_two_updates_undoes_neither_where_one_was_changed_since(bruno: Professor, upstream: Upstream) -> None:
    twins(upstream, bruno)
    after = bruno.browser.submit(bruno.updates, bruno.browser.get(bruno.updates).form(bruno.updates))
    bruno.save(lambda _module: overlays.hidden({}, HIDDEN), TWIN)
    before = states(bruno)
    bruno.browser.post(f"{bruno.updates}/undo", after.form(f"{bruno.updates}/undo"), 409)
    assert states(bruno) == before


def test_not_now_is_remembered_until_the_next_revision(bruno: Professor, upstream: Upstream) -> None:
    publish_next(upstream)
    browser, put_off = bruno.browser, f"{bruno.address()}/put-off"
    assert "1 of your courses has updates" in browser.get("/home").text
    assert bruno.updates in {each.get("href") for each in browser.get("/teach/").root.iter("a")}
    fields = browser.get(bruno.updates).form(put_off)
    page = browser.submit(put_off, fields)
    browser.post(put_off, fields)
    assert [offer.is_put_off for offer in bruno.offers()] == [True]
    assert bruno.with_updates() == []
    assert "has updates" not in browser.get("/home").text
    with bruno.inside():
        assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "put-off-update")).all()
    # It can still be looked at, and be had back.
    assert "Offer it again" in page.text
    assert "careful" in bruno.look().text
    browser.post(put_off, {"wanted": "now"})
    assert [offer.is_put_off for offer in bruno.offers()] == [False]
    browser.post(put_off, fields)
    upstream.change(f"{FOLDER}/en/45-{UNTOUCHED}.md", "\n---\n", "\n---\nOne passage more.\n\n")
    upstream.release("1.3.0", "One more.")
    assert [offer.is_put_off for offer in bruno.offers()] == [False]
    browser.post(put_off, fields, 409)


def test_a_module_that_the_series_has_no_more_stays_as_it_is(bruno: Professor, upstream: Upstream) -> None:
    twins(upstream, bruno)
    bruno.save(replaced(FIRST, "Words of our own.", TOUCHED), TWIN)
    upstream.take_out_twin()
    first, second = bruno.offers()
    assert (first.slug, second.slug, second.newer) == (SLUG, TWIN, None)
    assert second.title == "Introduction to Cybercrime"
    assert "does not publish this module any more" in bruno.look(TWIN).text
    assert "No more updates" in bruno.browser.get(bruno.updates).text
    bruno.browser.post(bruno.address(TWIN), {}, 409)
    assert "Words of our own." in bruno.shown(bruno.publish(), TOUCHED, TWIN)


def test_a_section_that_upstream_took_out_stays_where_the_course_has_words_of_its_own_in_it(bruno: Professor, upstream: Upstream) -> None:
    bruno.save(replaced(FIRST, "Words of our own.", TOUCHED))
    take_out_section(upstream)
    page = bruno.look()
    assert "Upstream has taken out this section, and you have changed it." in page.text
    bruno.take("mine")
    module = bruno.module()
    assert "Words of our own." in text(module, TOUCHED)
    keys = [section.key for section in module.source.sections]
    assert keys.index(TOUCHED) == keys.index(PLAIN) + 1
    assert "Words of our own." in bruno.shown(bruno.publish(), TOUCHED)


def test_a_section_that_upstream_took_out_may_be_worded_anew_or_let_go(bruno: Professor, upstream: Upstream) -> None:
    bruno.save(replaced(FIRST, "Words of our own.", TOUCHED))
    take_out_section(upstream)
    page = bruno.take("text", "A short section of our own.")
    assert text(bruno.module(), TOUCHED).strip() == "A short section of our own."
    bruno.browser.post(f"{bruno.updates}/undo", page.form(f"{bruno.updates}/undo"))
    bruno.take("upstream")
    assert bruno.module().source.section(TOUCHED) is None


def take_out_section(upstream: Upstream) -> None:
    del upstream.files[f"{FOLDER}/en/20-{TOUCHED}.md"]
    upstream.change(f"{FOLDER}/en/15-{PLAIN}.md", "outcomes: [", "outcomes: [summarise-connectivity, ")
    for path in [path for path in upstream.files if path.endswith(".md")]:
        upstream.files[path] = upstream.files[path].replace(b"section:who-is-connected", b"section:introduction")
    upstream.release("2.0.0", "One section less.")


def test_a_section_that_upstream_renamed_is_followed(bruno: Professor, upstream: Upstream) -> None:
    bruno.save(replaced(FIRST, "Words of our own.", TOUCHED))
    rename(upstream)
    assert "0 need a choice" in bruno.look().text
    bruno.take()
    module = bruno.module()
    assert "Words of our own." in text(module, "who-is-online")
    assert "These are careful estimates" in text(module, "who-is-online")
    assert module.source.section(TOUCHED) is None


def rename(upstream: Upstream) -> None:
    old, new = f"{FOLDER}/en/20-{TOUCHED}.md", f"{FOLDER}/en/20-who-is-online.md"
    upstream.files[new] = upstream.files.pop(old)
    upstream.change(new, "audience: everyone", f"audience: everyone\nformerly: [{TOUCHED}]")
    upstream.change(new, "These are estimates, not a count", "These are careful estimates, and no count")
    upstream.release("2.0.0", "A better name.")


def test_a_section_that_is_held_stands_as_it_was_also_where_upstream_renames_it(bruno: Professor, upstream: Upstream) -> None:
    bruno.save(replaced(FIRST, "Words of our own.", TOUCHED))
    # Held without a word of where: at what the base was then.
    bruno.save(lambda module: overlays.with_intent(module.overlay.changes, module.made_on(TOUCHED), "hold"))
    held = text(bruno.module(), TOUCHED)
    rename(upstream)
    bruno.take()
    assert text(bruno.module(), "who-is-online") == held
    assert "Words of our own." in bruno.shown(bruno.publish(), "who-is-online")
    upstream.change(f"{FOLDER}/en/20-who-is-online.md", "These are careful estimates", "These are very careful estimates")
    upstream.release("2.0.1", "More care.")
    bruno.take()
    assert text(bruno.module(), "who-is-online") == held


def test_a_course_on_a_course_is_offered_its_newer_edition_and_keeps_its_own(bruno: Professor, upstream: Upstream) -> None:
    first = bruno.course_id
    bruno.save(replaced(FIRST, "What the first course says.", TOUCHED))
    edition_id = bruno.publish()
    second = bruno.make_course("A course on a course", [SLUG])
    with bruno.inside(), unit_of_work():
        overlay = db.session.scalars(select(Overlay).where(Overlay.course_id == second)).one()
        overlay.base_revision_id, overlay.base_edition_id = None, edition_id
    assert bruno.offers() == ()
    bruno.save(replaced("The most widely used estimates", "The second course's estimates", TOUCHED))
    publish_next(upstream)
    bruno.course_id = first
    bruno.take("mine")
    bruno.course_id = second
    assert bruno.offers() == ()
    bruno.course_id = first
    newer = bruno.publish()
    bruno.course_id = second
    (offer,) = bruno.offers()
    assert [(note.course, note.version) for note in offer.notes] == [("Bruno's class", "3"), ("", "1.2.0")]
    assert "Edition 3 of “Bruno's class”" in bruno.look().text
    bruno.take()
    module = bruno.module()
    now = text(module, TOUCHED)
    assert "What the first course says." in now
    assert "The second course's estimates" in now
    assert "These are careful estimates" in now
    assert module.overlay.base_edition_id == newer
    # An edition in which nothing of this module is new is no offer.
    bruno.course_id = first
    bruno.publish()
    bruno.course_id = second
    assert bruno.offers() == ()


def test_a_section_that_upstream_s_upstream_renamed_is_followed_through_both_courses(bruno: Professor, upstream: Upstream) -> None:
    first = bruno.course_id
    bruno.save(replaced(FIRST, "What the first course says.", TOUCHED))
    edition_id = bruno.publish()
    second = bruno.make_course("A course on a course", [SLUG])
    with bruno.inside(), unit_of_work():
        overlay = db.session.scalars(select(Overlay).where(Overlay.course_id == second)).one()
        overlay.base_revision_id, overlay.base_edition_id = None, edition_id
    bruno.save(replaced("The most widely used estimates", "The second course's estimates", TOUCHED))
    rename(upstream)
    bruno.course_id = first
    bruno.take()
    bruno.publish()
    bruno.course_id = second
    assert "0 need a choice" in bruno.look().text
    bruno.take()
    now = text(bruno.module(), "who-is-online")
    assert "What the first course says." in now
    assert "The second course's estimates" in now
    assert "These are careful estimates" in now
    assert bruno.module().source.section(TOUCHED) is None
    bruno.publish()


ITEM = "shared-address"
PROMPT = "A provider states that on 4 May the address"


def test_a_question_that_both_changed_is_shown_with_its_text_and_answers_are_counted(
    bruno: Professor, upstream: Upstream, browse, cast: Cast
) -> None:
    def own(module: AdaptedModule) -> dict:
        # Any other state will do: what is looked at is whose it is.
        state = next(item.revision_id for item in module.base.source.items if item.key != ITEM)
        return overlays.with_item(module.overlay.changes, ITEM, "- id: shared-address\n  prompt: Ours.\n", state)

    bruno.save(own)
    upstream.change(f"{FOLDER}/en/quiz.yml", PROMPT, "A provider states that on 5 May the address")
    upstream.release("1.2.0", "Another day.")
    page = bruno.look()
    assert "You and upstream have both changed this question." in page.text
    assert "the address `198.51.100.7` was shared" in page.text
    assert {"new: 5"} <= {text_of(each) for each in page.root.iter("ins")}
    assert "prompt: Ours." in page.text
    assert not [name for name in page.form(bruno.address()) if name.startswith("text-")]
    bruno.browser.post(bruno.address(), bruno.chosen(page, "text"), 422)
    stale = {**bruno.chosen(page, "upstream"), "seen": ""}
    assert "No student has answered a question that changes." in bruno.browser.post(bruno.address(), stale, 409).text
    answer_as_a_student(browse(cast.ana), cast)
    page = bruno.browser.post(bruno.address(), stale, 409)
    assert "1 answer was given to questions that change." in page.text
    assert "1 attempt is under way" in page.text
    bruno.browser.post(bruno.address(), bruno.chosen(page, "upstream"))
    assert "items" not in bruno.module().overlay.changes


def answer_as_a_student(browser: Browser, cast: Cast) -> None:
    quiz = f"/classes/{cast.classes['Bruno']}/{SLUG}/quiz"
    location = browser.post(quiz).response.headers["Location"]
    answer = {"item": ITEM, "response": "town", "sequence": 1}
    sent = browser.client.post(
        f"{location.split('?')[0].rstrip('/')}/answers",
        json={"sender": "a", "answers": [answer]},
        headers={"X-CSRFToken": browser.csrf_token, "Accept": "application/json"},
    )
    assert sent.status_code == 200, sent.get_data(as_text=True)


def test_who_is_not_confirmed_reads_nothing_that_is_for_teachers(bruno: Professor, upstream: Upstream, browse, cast: Cast) -> None:
    upstream.change(f"{FOLDER}/en/71-exercise-answers.md", "\n---\n", "\n---\nA word for teachers only.\n\n")
    upstream.change(f"{FOLDER}/en/20-{TOUCHED}.md", "These are estimates, not a count", "These are careful estimates, and no count")
    upstream.release("1.2.0", "Better.")
    with bruno.inside():
        own = db.session.scalars(select(Course.id).where(Course.created_by_id == cast.gita)).one()
    page = browse(cast.gita).get(f"/teach/courses/{own}/{SLUG}/update")
    assert "careful" in page.text
    assert "A word for teachers only." not in page.text
    assert "A word for teachers only." in bruno.look().text


def test_previews_and_updates_take_few_statements(bruno: Professor, upstream: Upstream) -> None:
    twins(upstream, bruno)
    with counted_statements() as counted:
        page = bruno.browser.get(bruno.updates)
    assert len(counted) <= 30, "\n".join(" ".join(each.split())[:300] for each in counted)
    with counted_statements() as counted:
        bruno.browser.post(bruno.updates, page.form(bruno.updates))
    assert len(counted) <= 30, len(counted)


def test_courses_of_others_are_no_page(bruno: Professor, upstream: Upstream, browse, cast: Cast) -> None:
    publish_next(upstream)
    bruno.look()
    dora = browse(cast.dora)
    for path in (bruno.address(), bruno.updates):
        dora.get(path, 404)
    for path in (bruno.address(), f"{bruno.address()}/put-off", bruno.updates, f"{bruno.updates}/undo"):
        dora.post(path, {}, 404)
