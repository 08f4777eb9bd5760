"""What a country puts into the slots of a module: written in a course, offered, approved, chosen by readers, followed by courses."""

import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from elearn.accounts.acts import InstitutionsMerged
from elearn.accounts.models import Institution
from elearn.adaptation.models import Course
from elearn.adaptation.overlays import without_empty
from elearn.adaptation.slot_changes import filled_by_country, filled_by_course, filled_by_nobody, passing, slots_of
from elearn.adaptation.slot_queries import SlotState, country_of, states_in
from elearn.adaptation.texts import SectionSource
from elearn.audit import AuditEntry
from elearn.catalogue.filling_models import Filling
from elearn.catalogue.fillings import slots_in, with_credit, with_fillings
from elearn.db import counted_statements, db, note, unit_of_work
from tests.adaptation.test_updates import Professor, replaced, text
from tests.adaptation.upstream import FOLDER, SLUG, Upstream
from tests.cast import Cast
from tests.data.hostile import HTML as HOSTILE_HTML
from tests.data.hostile import MARKDOWN as HOSTILE_MARKDOWN
from tests.learning.conftest import undo
from tests.reader import Browser, Page

KEY, SECTION = "national-law", "what-counts-as-cybercrime"
TEXT = "Part II of the *Act of 2015* names the offences."
HOSTILE = [*HOSTILE_HTML, *HOSTILE_MARKDOWN]
PUBLIC = f"/modules/{SLUG}/{SECTION}"


@pytest.fixture
def bruno(app: Flask, cast: Cast) -> Professor:
    return Professor(app, cast)


@pytest.fixture
def edda(cast: Cast, browse) -> Browser:
    return browse(cast.edda)


@pytest.fixture
def page(bruno: Professor) -> str:
    return f"/teach/courses/{bruno.course_id}/{SLUG}/country/"


def state(bruno: Professor, key: str = KEY) -> SlotState:
    with bruno.inside():
        found = states_in(bruno.course(), [bruno.module()], country_of(bruno.course()))
    return next(state for states in found.values() for state in states if state.slot.key == key)


def write(bruno: Professor, page: str, words: str = TEXT, key: str = KEY, status: int = 303, **more: str) -> Page:
    fields = {"text": words, "seen": str(bruno.module().overlay.number), "action": "save", **more}
    if status == 303:
        return bruno.browser.submit(f"{page}{key}", fields)
    return bruno.browser.post(f"{page}{key}", fields, status=status)


def offer(bruno: Professor, page: str, credit: str = "Bruno Example", key: str = KEY, status: int = 303) -> Page:
    fields = {"credit": credit, "agreed": "y"}
    if status == 303:
        return bruno.browser.submit(f"{page}{key}/offer", fields)
    return bruno.browser.post(f"{page}{key}/offer", fields, status=status)


def newest(app: Flask) -> Filling:
    with app.app_context():
        return db.session.scalars(select(Filling).order_by(Filling.id.desc()).limit(1)).one()


def decide(app: Flask, edda: Browser, act: str, word: str = "", status: int = 303) -> Page:
    return edda.post(f"/edit/country-texts/{newest(app).id}", {"act": act, "word": word}, status=status)


def acted(bruno: Professor, page: str, act: str, filling: int = 0, key: str = KEY, status: int = 303) -> Page:
    fields = {"key": key, "act": act, "filling": str(filling), "seen": str(bruno.module().overlay.number)}
    return bruno.browser.submit(page, fields) if status == 303 else bruno.browser.post(page, fields, status=status)


def approved(app: Flask, bruno: Professor, edda: Browser, page: str, words: str = TEXT) -> int:
    """Have a text for Nigeria stand, by way of Bruno's course, which is as it was afterwards."""
    write(bruno, page, words)
    offer(bruno, page)
    decide(app, edda, "approve")
    acted(bruno, page, "default")
    return newest(app).id


def test_a_course_fills_a_slot_of_its_own(bruno: Professor, page: str) -> None:
    shown = bruno.browser.get(page)
    assert "The law of your country" in shown.text
    looked = write(bruno, page, status=200, action="look")
    assert [e.text for e in looked.root.iter("em") if e.text == "Act of 2015"]
    assert state(bruno).own is None, "looking saves nothing"
    saved = write(bruno, page)
    assert "yours" in saved.text
    assert TEXT in text(bruno.module(), SECTION)
    assert "<em>Act of 2015</em>" in bruno.shown(bruno.publish(), SECTION)
    undo(bruno.browser, saved)
    assert bruno.module().overlay.changes == {}


def test_what_cannot_stand_in_a_slot_is_named_at_its_line_and_nothing_typed_is_lost(bruno: Professor, page: str) -> None:
    words = "Fine.\n\n## A heading\n\n[@nobody-wrote-this]"
    refused = write(bruno, page, words, status=422)
    assert "line 3: a heading cannot stand in a slot" in refused.text
    assert words in "".join(refused.all("textarea", id="text")[0].itertext()).replace("\r\n", "\n")
    assert "Write the text." in write(bruno, page, "  \n ", status=422).text
    assert "Use at most 8000 characters." in write(bruno, page, "a" * 8001, status=422).text
    assert state(bruno).own is None


@pytest.mark.parametrize("number", range(0, len(HOSTILE), 9))
def test_hostile_text_is_refused_or_shown_as_it_was_typed(bruno: Professor, page: str, number: int) -> None:
    typed = HOSTILE[number].replace("\x00", "")
    fields = {"text": typed, "action": "look", "csrf_token": bruno.browser.csrf_token}
    answer = bruno.browser.client.post(f"{page}{KEY}", data=fields)
    assert answer.status_code in {200, 422}
    main = answer.text.partition("<main")[2].partition("</main")[0]
    assert not re.search(r"<script|<img|<iframe|\son[a-z]+=[^&]*>", main.replace('<script src="/static', ""))


def test_two_professors_at_one_slot_never_overwrite_each_other_silently(bruno: Professor, page: str) -> None:
    seen = str(bruno.module().overlay.number)
    bruno.save(lambda module: {"title": "Ours"})
    refused = write(bruno, page, seen=seen, status=409)
    assert "Somebody changed this module of the course meanwhile" in refused.text
    assert refused.form("")["text"].strip() == TEXT
    assert state(bruno).own is None
    write(bruno, page, seen=refused.form("")["seen"])
    assert bruno.module().overlay.changes == {"title": "Ours", "slots": {KEY: TEXT}}


def test_an_approved_text_is_read_by_whoever_chooses_the_country(app: Flask, bruno: Professor, edda: Browser, page: str, browse) -> None:
    reader = browse()
    before = reader.get(PUBLIC)
    assert "differ by country" not in before.text
    write(bruno, page)
    assert "waits for an editor" in offer(bruno, page, "Bruno Example, Lagoon University").text
    assert reader.get(PUBLIC).text == before.text, "nothing stands before an editor says so"
    assert TEXT.replace("*", "") in edda.get(f"/edit/country-texts/{newest(app).id}").text
    decide(app, edda, "approve")
    general = reader.get(PUBLIC)
    assert general.links()["Nigeria"] == f"{PUBLIC}?country=NG"
    assert "Act of 2015" not in general.text
    chosen = reader.get(f"{PUBLIC}?country=NG")
    assert "Act of 2015" in chosen.text
    assert "Nigeria · Bruno Example, Lagoon University" in chosen.text
    assert "Nobody has written" in reader.get(f"{PUBLIC}?country=KE").text
    assert reader.get(f"{PUBLIC}?country=<script>").text == general.text
    assert "Nigeria" not in reader.get(f"/modules/{SLUG}/introduction").text
    with app.app_context():
        acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "filling").order_by(AuditEntry.id)).all()
    assert acts == ["propose-filling", "approve-filling"]


def test_courses_of_the_country_are_offered_it_and_follow_with_credit(
    app: Flask, cast: Cast, bruno: Professor, edda: Browser, page: str
) -> None:
    filling = approved(app, bruno, edda, page)
    shown = bruno.browser.get(page)
    assert "a text is offered" in shown.text
    assert TEXT not in text(bruno.module(), SECTION), "nobody's course changes by itself"
    assert page in bruno.browser.get(bruno.updates).links().values()
    acted(bruno, page, "follow", filling)
    assert state(bruno).followed_id == filling
    assert f"{TEXT}\n\n*Nigeria · Bruno Example*" in text(bruno.module(), SECTION)
    first = bruno.publish()
    assert "Bruno Example" in bruno.shown(first, SECTION)
    # A better text is offered in its turn; the edition stays as it was.
    write(bruno, page, "A better text.")
    offer(bruno, page)
    decide(app, edda, "approve")
    acted(bruno, page, "follow", newest(app).id)
    assert "A better text." in bruno.shown(bruno.publish(), SECTION)
    assert "Act of 2015" in bruno.shown(first, SECTION)
    assert not state(bruno).is_offered


def test_a_text_that_is_not_wanted_is_not_offered_again_until_there_is_another(
    app: Flask, bruno: Professor, edda: Browser, page: str
) -> None:
    filling = approved(app, bruno, edda, page)
    passed = acted(bruno, page, "pass", filling)
    assert not state(bruno).is_offered
    assert page not in bruno.browser.get(bruno.updates).links().values()
    undo(bruno.browser, passed)
    assert state(bruno).is_offered
    acted(bruno, page, "pass", filling)
    write(bruno, page, "Another text.")
    offer(bruno, page)
    decide(app, edda, "approve")
    assert not state(bruno).is_offered, "what the course wrote itself is never questioned"
    acted(bruno, page, "default")
    assert state(bruno).is_offered
    assert acted(bruno, page, "follow", filling, status=409).status == 409, "another one stands now"


def test_another_country_s_courses_are_not_offered_it(app: Flask, bruno: Professor, edda: Browser, page: str) -> None:
    filling = approved(app, bruno, edda, page)
    with app.app_context(), unit_of_work():
        db.session.execute(update(Institution).where(Institution.code == "LAG").values(country="GH"))
    assert state(bruno).newer is None
    acted(bruno, page, "follow", filling, status=409)


def test_a_declined_text_comes_back_with_the_editor_s_words(app: Flask, bruno: Professor, edda: Browser, page: str, tmp_path) -> None:
    app.config["MAIL_URL"] = f"file://{tmp_path}"
    write(bruno, page)
    offer(bruno, page)
    assert "Say why" in decide(app, edda, "decline", status=422).text
    decide(app, edda, "decline", "Please name the section.")
    shown = bruno.browser.get(page)
    assert "not taken" in shown.text
    assert "Please name the section." in shown.text
    assert "Please name the section." in "".join(path.read_text() for path in tmp_path.rglob("*.eml"))
    assert state(bruno).own == TEXT, "the course keeps it"


def test_a_text_that_is_offered_no_more_stays_where_it_is_followed(app: Flask, bruno: Professor, edda: Browser, page: str, browse) -> None:
    filling = approved(app, bruno, edda, page)
    acted(bruno, page, "follow", filling)
    decide(app, edda, "end", "The act was repealed.")
    assert "Act of 2015" in text(bruno.module(), SECTION)
    assert "Act of 2015" not in browse().get(f"{PUBLIC}?country=NG").text


def test_an_update_from_upstream_keeps_what_fills_the_slots(app: Flask, bruno: Professor, edda: Browser, page: str) -> None:
    filling = approved(app, bruno, edda, page)
    acted(bruno, page, "follow", filling)
    write(bruno, page, "Call 112.", key="reporting-body")
    bruno.save(replaced("No treaty of worldwide reach", "No treaty", SECTION))
    upstream = Upstream(app)
    upstream.change(f"{FOLDER}/en/25-what-counts-as-cybercrime.md", "::: slot national-law", "A new line.\n\n::: slot national-law")
    upstream.release("9.0.1", "A new line.")
    bruno.take()
    changes = bruno.module().overlay.changes
    assert (changes["fillings"], changes["slots"]) == ({KEY: filling}, {"reporting-body": "Call 112."})
    assert "A new line." in text(bruno.module(), SECTION)
    assert TEXT in text(bruno.module(), SECTION)


def test_what_two_people_decide_at_once_is_decided_once(app: Flask, bruno: Professor, edda: Browser, page: str) -> None:
    write(bruno, page)
    offer(bruno, page)
    bruno.browser.submit(f"{page}{KEY}/withdraw", {})
    assert "meanwhile" in decide(app, edda, "approve", status=409).text
    offer(bruno, page)
    decide(app, edda, "approve")
    assert "meanwhile" in bruno.browser.post(f"{page}{KEY}/withdraw", {}, status=409).text
    decide(app, edda, "decline", "No.", status=409)
    # Offered again before anybody decided, the newer text takes the older one's place.
    write(bruno, page, "A second text.")
    offer(bruno, page)
    write(bruno, page, "A third text.")
    offer(bruno, page)
    with app.app_context():
        assert db.session.scalars(select(Filling.state).order_by(Filling.id)).all() == ["withdrawn", "approved", "withdrawn", "proposed"]


def test_just_the_text_that_stands_is_not_offered_again(app: Flask, bruno: Professor, edda: Browser, page: str) -> None:
    approved(app, bruno, edda, page)
    write(bruno, page)
    assert "stands for your country already" in offer(bruno, page, status=409).text
    write(bruno, page, "Another text.")
    offer(bruno, page)


def test_what_an_institution_proposed_goes_with_it_when_it_is_merged(app: Flask, cast: Cast, bruno: Professor, page: str) -> None:
    write(bruno, page)
    offer(bruno, page)
    with app.app_context(), unit_of_work():
        note(InstitutionsMerged(cast.institutions["LAG"], cast.institutions["LIM"]))
    assert newest(app).institution_id == cast.institutions["LIM"]


@pytest.mark.parametrize("credit", ["", "[me](https://example.org)", "*me*", "a" * 201])
def test_a_name_is_a_name(bruno: Professor, page: str, credit: str) -> None:
    write(bruno, page)
    assert offer(bruno, page, credit, status=422).form("")["agreed"] == "y"


def test_one_whom_nobody_confirmed_offers_nothing_and_sees_nothing_for_teachers(app: Flask, cast: Cast, browse) -> None:
    with app.app_context():
        course_id = db.session.scalars(select(Course.id).where(Course.created_by_id == cast.gita)).one()
    gita, there = browse(cast.gita), f"/teach/courses/{course_id}/{SLUG}/country/"
    gita.submit(f"{there}{KEY}", {"text": TEXT, "seen": "1", "action": "save"})
    assert "Offer it" not in gita.get(there).text
    gita.get(f"{there}{KEY}/offer", status=403)
    gita.post(f"{there}{KEY}/offer", {"credit": "Gita", "agreed": "y"}, status=403)


def test_the_pages_take_few_statements_however_many_texts_there_are(app: Flask, bruno: Professor, edda: Browser, page: str, browse) -> None:
    approved(app, bruno, edda, page)
    reader = browse()
    counts = []
    for code in ("KE", "PE"):
        reader.get(f"{PUBLIC}?country=NG")
        with counted_statements() as statements:
            bruno.browser.get(page)
            reader.get(f"{PUBLIC}?country=NG")
        counts.append(len(statements))
        with app.app_context(), unit_of_work():
            row = db.session.scalars(select(Filling).limit(1)).one()
            columns = {c.name: getattr(row, c.name) for c in Filling.__table__.columns if c.name != "id"}
            db.session.add_all(Filling(**{**columns, "country": code, "key": key}) for key in (KEY, "local-case") for _ in range(20))
    assert counts[0] == counts[1]
    assert len([s for s in statements if "filling" in s]) <= 4


def test_an_editor_without_texts_reads_whose_turn_it_is(edda: Browser) -> None:
    assert "It is nobody's turn now." in edda.get("/edit/country-texts/").text
    assert "There is none" in edda.get("/edit/country-texts/?state=declined").text


CHANGES = st.lists(
    st.tuples(st.sampled_from(["course", "country", "nobody", "pass"]), st.sampled_from(["a", "b"]), st.integers(1, 3)), max_size=8
)


@given(CHANGES)
def test_a_slot_is_filled_by_one_at_most(acts) -> None:
    changes = {"title": "Ours"}
    for act, key, number in acts:
        make = {"course": filled_by_course, "country": filled_by_country, "pass": passing}.get(act)
        changes = make(changes, key, number) if make else filled_by_nobody(changes, key)
        assert not set(changes.get("slots", {})) & set(changes.get("fillings", {}))
        assert changes == without_empty(changes)
    for key in ("a", "b"):
        changes = filled_by_nobody(changes, key)
    assert changes == {"title": "Ours"}


def test_a_slot_in_two_sections_is_one() -> None:
    body = "Before.\n\n::: slot local-case A case\nNothing yet.\n:::\n\nAfter.\n"
    sections = [SectionSource(key, {"title": key.title(), "audience": "everyone"}, body) for key in ("one", "two")]
    [slot] = slots_of(sections)
    assert (slot.key, slot.title, slot.default) == ("local-case", "A case", "Nothing yet.")
    assert slot.sections == (("one", "One"), ("two", "Two"))


HTML = (
    '<p>Before.</p>\n<section class="directive directive-slot" data-slot="local-case">\n'
    '<p class="directive-label">In your country · A case</p>\n<p class="directive-title">A case</p>\n'
    "<p>Nothing <strong>yet</strong>.</p>\n</section>\n<p>After.</p>"
)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40))
def test_only_the_inside_of_the_slot_changes(words: str) -> None:
    assert slots_in(HTML) == ("local-case",)
    filled = with_fillings(HTML, {"local-case": f"<p>{words}</p>"})
    assert filled.replace(f"<p>{words}</p>", "<p>Nothing <strong>yet</strong>.</p>") == HTML or words in HTML
    assert with_fillings(HTML, {"national-law": "<p>x</p>"}) == HTML
    assert with_fillings(HTML, {}) == HTML


def test_a_credit_stands_below_the_text_and_nowhere_without_a_name() -> None:
    assert with_credit(" Text.\n", "KE", "en", "Amina") == "Text.\n\n*Kenya · Amina*"
    assert with_credit("Text.", "KE", "en", "") == "Text."
