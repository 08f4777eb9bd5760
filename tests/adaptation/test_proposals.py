"""Passages are proposed to those whose text they replace, who accept or decline them with a word; what was proposed never changes."""

import threading

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from elearn.adaptation import overlays, proposal_service
from elearn.adaptation.blocks import joined
from elearn.adaptation.models import EditionSection
from elearn.adaptation.own_data import export_of, forget
from elearn.adaptation.picture_decoding import Drawn
from elearn.adaptation.picture_queries import pictures_of
from elearn.adaptation.picture_service import add_picture
from elearn.adaptation.proposal_models import PassageProposal
from elearn.adaptation.proposal_text import holds, in_file, new_pictures, taken_into
from elearn.audit import AuditEntry
from elearn.catalogue.reader import read_content
from elearn.db import counted_statements, db, unit_of_work
from tests.adaptation.sharing import Sharer, with_text
from tests.adaptation.upstream import FOLDER, SLUG, Upstream
from tests.adaptation.worlds import CARDS, edited, passages
from tests.cast import Cast
from tests.learning.conftest import undo
from tests.reader import Browser, Page

KEY = "who-is-connected"
FIRST = "Crime follows daily life"
FILE = f"{FOLDER}/en/20-who-is-connected.md"


@pytest.fixture
def bruno(app: Flask, cast: Cast) -> Sharer:
    return Sharer(app, cast, "Bruno")


@pytest.fixture
def dora(app: Flask, cast: Cast) -> Sharer:
    return Sharer(app, cast, "Dora")


@pytest.fixture
def edda(app: Flask, cast: Cast) -> Browser:
    return Browser.of(app, cast.edda)


@pytest.fixture
def upstream(app: Flask) -> Upstream:
    return Upstream(app)


def form_of(who: Sharer, key: str = KEY) -> tuple[str, dict[str, str]]:
    path = f"{who.page}{SLUG}/sections/{key}/propose"
    return path, {**who.browser.get(path).form(""), "note": "The number is of 2019.", "agreed": "y"}


def propose(who: Sharer, key: str = KEY) -> str:
    """Propose a section and return the proposal's address."""
    path, fields = form_of(who, key)
    made = who.browser.submit(path, fields)
    assert "Your text is proposed" in made.text
    return made.response.request.path


@pytest.fixture
def proposed(bruno: Sharer) -> str:
    bruno.save(with_text(FIRST, "Crime follows what people do", KEY))
    return propose(bruno)


def answer(who: Browser, there: str, act: str, words: str = "", status: int = 303) -> Page:
    return who.post(f"{there}/answer", {"act": act, "words": words}, status=status)


def row(app: Flask, there: str) -> PassageProposal:
    with app.app_context():
        found = db.session.get_one(PassageProposal, int(there.rpartition("/")[2]))
        db.session.expunge(found)
        return found


def test_a_passage_is_proposed_with_both_texts_and_the_editors_see_the_difference(app: Flask, proposed: str, edda: Browser) -> None:
    kept = row(app, proposed)
    assert FIRST in kept.before
    assert kept.after == kept.before.replace(FIRST, "Crime follows what people do", 1)
    assert (kept.licence, kept.authors, kept.to_course_id) == ("CC-BY-4.0", "Lagoon University", None)
    assert "1 passage is proposed" in edda.get("/home").text
    assert "Who is connected" in edda.get("/edit/proposals/").text
    shown = edda.get(proposed)
    assert [mark.text for mark in shown.all("ins")] or "what people do" in shown.text
    assert "The number is of 2019." in shown.text
    assert "@example.org" not in shown.text


def test_what_the_course_says_later_does_not_change_the_proposal(app: Flask, bruno: Sharer, proposed: str, edda: Browser) -> None:
    before = row(app, proposed).after
    bruno.save(with_text("Crime follows what people do", "Something else altogether", KEY))
    assert row(app, proposed).after == before
    assert "Something else altogether" not in edda.get(proposed).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"note": " "}, "Say in a sentence what is better"),
        ({"agreed": ""}, "Without your agreement"),
        ({"note": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_a_proposal_with_something_missing_keeps_what_was_typed(bruno: Sharer, typed: dict, words: str) -> None:
    bruno.save(with_text(FIRST, "Crime follows what people do", KEY))
    path, fields = form_of(bruno)
    fields |= typed
    if not fields["agreed"]:
        del fields["agreed"]
    refused = bruno.browser.post(path, fields, status=422)
    assert words in refused.text
    assert refused.form("")["note"] == fields["note"].strip()


def test_only_what_the_course_replaced_can_be_proposed(bruno: Sharer) -> None:
    path = f"{bruno.page}{SLUG}/sections/{KEY}/propose"
    assert "There is nothing to propose" in bruno.browser.get(path).text
    bruno.browser.post(path, {"note": "Why", "agreed": "y"}, status=422)
    bruno.browser.get(f"{bruno.page}{SLUG}/sections/nowhere/propose", status=404)
    head = {"title": "Our law", "kind": "key-issue", "audience": "everyone", "minutes": 5, "outcomes": [], "steps": [], "descriptions": {}}
    bruno.save(lambda module: overlays.with_added(module.overlay.changes, "c1-our-law", head, "The law.\n", after=KEY))
    bruno.browser.get(f"{bruno.page}{SLUG}/sections/c1-our-law/propose", status=404)


def test_a_section_waits_for_one_answer_at_a_time(bruno: Sharer, proposed: str) -> None:
    path, fields = form_of(bruno)
    refused = bruno.browser.post(path, fields, status=409)
    assert "waits for an answer already" in refused.text
    bruno.browser.submit(f"{proposed}/withdraw")
    assert propose(bruno) != proposed


def test_a_course_that_was_changed_meanwhile_is_looked_at_again(bruno: Sharer) -> None:
    bruno.save(with_text(FIRST, "Crime follows what people do", KEY))
    path, fields = form_of(bruno)
    bruno.save(with_text("Crime follows what people do", "Crime follows money", KEY))
    assert "changed meanwhile" in bruno.browser.post(path, fields, status=409).text


def test_pictures_of_the_course_do_not_go_with_a_text(app: Flask, bruno: Sharer) -> None:
    with bruno.inside(), unit_of_work():
        add_picture(bruno.course(), Drawn(b"looks like one", 4, 3), sent_as="market.png", alt="A market", description="", by_id=bruno.id)
    with bruno.inside():
        (name,) = pictures_of(bruno.course_id)
    bruno.save(with_text(FIRST, f"![A market](media/{name})\n\nCrime follows daily life", KEY))
    path, fields = form_of(bruno)
    assert name in bruno.browser.post(path, fields, status=422).text


def test_a_proposal_is_declined_with_a_word_that_reaches_whoever_made_it(
    app: Flask, tmp_path, bruno: Sharer, proposed: str, edda: Browser
) -> None:
    app.config["MAIL_URL"] = f"file://{tmp_path}"
    assert "Say in a word why" in answer(edda, proposed, "decline", status=422).text
    assert "Proposed" not in answer(edda, proposed, "shrug", "Well", status=422).heading
    answer(edda, proposed, "decline", "The source is older than ours.")
    assert "The source is older than ours." in bruno.browser.get(f"{bruno.page}proposals").text
    assert "declined" in bruno.browser.get(proposed).text
    (mail,) = tmp_path.glob("*.eml")
    assert "The source is older than ours." in mail.read_text()
    assert proposed in mail.read_text()
    # It is over.
    assert "declined already" in answer(edda, proposed, "accept", status=409).text
    bruno.browser.post(f"{proposed}/withdraw", status=409)


def test_an_accepted_text_is_a_file_of_the_module_that_can_be_published_and_is_found_again(
    app: Flask, bruno: Sharer, proposed: str, edda: Browser, upstream: Upstream
) -> None:
    answer(edda, proposed, "accept", "Thank you.")
    assert "It is not published yet" in edda.get(proposed).text
    response = edda.client.get(f"{proposed}/file")
    assert response.headers["Content-Disposition"] == "attachment; filename=20-who-is-connected.md"
    assert response.data.decode() == upstream.files[FILE].decode().replace(FIRST, "Crime follows what people do", 1)
    bruno.browser.get(f"{proposed}/file", status=404)
    upstream.files[FILE] = response.data
    assert read_content(upstream.files).series is not None
    upstream.release("1.9.0", "A better sentence.")
    assert "in version 1.9.0 of the module" in bruno.browser.get(proposed).text
    assert "in version 1.9.0" in bruno.browser.get(f"{bruno.page}proposals").text
    assert "in version 1.9.0" in edda.get("/edit/proposals/").text
    # And the update asks nothing: both say the same.
    assert "0 need a choice" in bruno.look().text


def test_a_file_has_what_the_series_changed_since(bruno: Sharer, proposed: str, edda: Browser, upstream: Upstream) -> None:
    upstream.change(FILE, "The most widely used estimates", "The estimates that most people use")
    upstream.release("1.9.0", "Another sentence.")
    assert "the file has both changes" in edda.get(proposed).text
    written = edda.client.get(f"{proposed}/file").data.decode()
    assert "Crime follows what people do" in written
    assert "The estimates that most people use" in written
    upstream.change(FILE, FIRST, "Crime comes after")
    upstream.release("1.9.1", "The same sentence.")
    assert "1 passage was changed on both sides" in edda.get(proposed).text
    assert "in version" not in bruno.browser.get(f"{bruno.page}proposals").text


def test_a_proposal_to_a_course_goes_to_its_professors_and_into_the_course(app: Flask, bruno: Sharer, dora: Sharer, edda: Browser) -> None:
    bruno.save(with_text(FIRST, "What Lagos says", KEY))
    bruno.publish()
    bruno.share()
    dora.adapt(bruno)
    dora.save(with_text("What Lagos says", "What Lima says better", KEY))
    there = propose(dora)
    edda.get(there, status=404)
    assert "proposed to your courses" in bruno.browser.get("/home").text
    landed = bruno.browser.submit(f"{there}/answer", {"act": "accept", "words": "Better."})
    assert "The text is in your course" in landed.text
    assert "What Lima says better" in bruno.module().source.section(KEY).markdown
    assert "published with the course's next edition" in dora.browser.get(there).text
    bruno.publish()
    assert "in edition 3 of “Bruno's class”" in dora.browser.get(there).text
    bruno.browser.get(f"{there}/file", status=404)
    # The course that gave it is offered the edition, and need not choose.
    assert "0 need a choice" in dora.look().text
    with app.app_context():
        assert db.session.scalars(select(EditionSection.edition_id).where(EditionSection.markdown.contains("Lima says"))).all()


def test_what_went_into_a_course_can_be_undone(bruno: Sharer, dora: Sharer) -> None:
    bruno.share()
    dora.adapt(bruno)
    dora.save(with_text(FIRST, "What Lima says", KEY))
    there = propose(dora)
    landed = bruno.browser.submit(f"{there}/answer", {"act": "accept", "words": ""})
    undo(bruno.browser, landed)
    assert FIRST in bruno.module().source.section(KEY).markdown


def test_a_text_is_not_put_over_another_one_that_a_course_has_by_now(bruno: Sharer, dora: Sharer) -> None:
    bruno.share()
    dora.adapt(bruno)
    dora.save(with_text(FIRST, "What Lima says", KEY))
    there = propose(dora)
    bruno.save(with_text(FIRST, "What Lagos says now", KEY))
    answer(bruno.browser, there, "accept")
    assert "What Lagos says now" in bruno.module().source.section(KEY).markdown
    assert "brings" not in dora.browser.get(there).text
    assert "its professors bring the two together" in dora.browser.get(there).text


def test_who_is_not_shared_with_any_more_proposes_nothing(bruno: Sharer, dora: Sharer) -> None:
    bruno.share()
    dora.adapt(bruno)
    dora.save(with_text(FIRST, "What Lima says", KEY))
    path, fields = form_of(dora)
    bruno.share("nobody")
    assert "nobody there would answer" in dora.browser.post(path, fields, status=409).text


def test_proposals_are_there_for_those_concerned_alone(app: Flask, cast: Cast, bruno: Sharer, proposed: str, edda: Browser) -> None:
    for name in ("Dora", "Ana", "Carla", "Rosa", "Gita"):
        browser = Browser.of(app, cast.people[name])
        browser.get(proposed, status=404)
        browser.post(f"{proposed}/answer", {"act": "accept"}, status=404)
        browser.post(f"{proposed}/withdraw", status=404)
    bruno.browser.post(f"{proposed}/answer", {"act": "accept"}, status=403)
    edda.post(f"{proposed}/withdraw", status=403)
    Browser.of(app, cast.edda, second_factor=False).get(proposed, status=404)
    bruno.browser.submit(f"{proposed}/withdraw")
    # What was withdrawn is nobody's but theirs.
    edda.get(proposed, status=404)
    bruno.browser.get(proposed)


def test_a_professor_who_is_not_confirmed_proposes_nothing(app: Flask, cast: Cast) -> None:
    gita = Sharer(app, cast, "Gita")
    gita.save(with_text(FIRST, "Crime follows what people do", KEY))
    gita.browser.get(f"{gita.page}{SLUG}/sections/{KEY}/propose", status=403)


def test_accepting_and_withdrawing_at_once_leaves_one_of_the_two(app: Flask, bruno: Sharer, proposed: str, edda: Browser) -> None:
    statuses: list[int] = []
    together = threading.Barrier(2)

    def press(who: Browser, path: str, fields: dict[str, str]) -> None:
        together.wait()
        statuses.append(who.client.post(path, data=fields).status_code)

    acts = ((edda, f"{proposed}/answer", {"act": "accept", "words": "Yes."}), (bruno.browser, f"{proposed}/withdraw", {}))
    sent = [(who, path, {**fields, "csrf_token": who.csrf_token}) for who, path, fields in acts]
    threads = [threading.Thread(target=press, args=act) for act in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(303) == 1, statuses
    assert set(statuses) - {303} <= {404, 409}, statuses
    assert row(app, proposed).state in {"accepted", "withdrawn"}


def test_a_course_may_not_flood_the_editors(app: Flask, monkeypatch, bruno: Sharer, proposed: str) -> None:
    monkeypatch.setattr(proposal_service, "MOST_OPEN", 1)
    section = next(s for s in bruno.module().source.sections if s.key == "measuring-cybercrime")
    bruno.save(lambda module: overlays.with_text(module.overlay.changes, module.made_on(section.key), "A word.\n"))
    path, fields = form_of(bruno, section.key)
    assert "1 proposals of this course wait" in bruno.browser.post(path, fields, status=409).text


def test_hostile_text_is_shown_as_text(bruno: Sharer, edda: Browser) -> None:
    hostile = 'Crime <script>alert(1)</script> [x](javascript:alert(1)) "onmouseover=alert(1) \u202e'
    bruno.save(with_text(FIRST, hostile, KEY))
    path, fields = form_of(bruno)
    fields["note"] = "<img src=x onerror=alert(1)>"
    there = bruno.browser.submit(path, fields).response.request.path
    shown = edda.get(there)
    assert "<img src=x onerror=alert(1)>" in shown.text
    assert not [each for each in shown.all("script") if "alert" in (each.text or "")]
    assert "onerror" not in {name for image in shown.all("img") for name in image.attrib}


def test_what_is_for_teachers_is_proposed_among_teachers(app: Flask, bruno: Sharer, edda: Browser) -> None:
    section = next(s for s in bruno.module().source.sections if s.head["audience"] == "teacher" and s.markdown.strip())
    bruno.save(lambda module: overlays.with_text(module.overlay.changes, module.made_on(section.key), section.markdown + "\nMore.\n"))
    there = propose(bruno, section.key)
    assert row(app, there).audience == "teacher"
    edda.get(there)


def test_lists_take_few_statements_however_long(app: Flask, bruno: Sharer, proposed: str, edda: Browser) -> None:
    answer(edda, proposed, "accept")
    edda.get("/edit/proposals/")
    with counted_statements() as one:
        edda.get("/edit/proposals/")
    with app.app_context(), unit_of_work():
        first = db.session.get_one(PassageProposal, int(proposed.rpartition("/")[2]))
        values = {c.name: getattr(first, c.name) for c in PassageProposal.__table__.columns if c.name != "id"}
        db.session.add_all(PassageProposal(**values) for _ in range(40))
    with counted_statements() as many:
        shown = edda.get("/edit/proposals/")
    assert "41 proposals" in shown.text
    assert len(many) == len(one) <= 8, many
    assert "No proposal is like that" in edda.get("/edit/proposals/?state=declined").text


def test_empty_lists_say_what_they_are(bruno: Sharer, edda: Browser) -> None:
    assert "Nobody has proposed a passage yet" in edda.get("/edit/proposals/").text
    assert "Nothing is proposed yet" in bruno.browser.get(f"{bruno.page}proposals").text


def test_acts_are_written_down_and_own_words_are_given_back_and_erased(
    app: Flask, cast: Cast, bruno: Sharer, proposed: str, edda: Browser
) -> None:
    answer(edda, proposed, "accept", "Thank you.")
    with app.app_context(), app.test_request_context():
        acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "passage-proposal")).all()
        assert sorted(acts) == ["accept-passage", "propose-passage"]
        (line,) = list(export_of(bruno.id)["proposals"])
        assert line["note"] == "The number is of 2019."
        (given,) = list(export_of(cast.edda)["proposal_answers"])
        assert given["answer"] == "Thank you."
        with unit_of_work():
            forget(bruno.id)
            forget(cast.edda)
    kept = row(app, proposed)
    assert (kept.note, kept.answer, kept.state) == ("", "", "accepted")


texts = st.lists(st.sampled_from(CARDS), min_size=1, max_size=6, unique=True).map(joined)


@given(st.data(), texts)
def test_an_accepted_text_is_found_in_itself_and_not_in_what_it_replaced(data: st.DataObject, before: str) -> None:
    after = edited(data.draw, before, passages)
    if sorted(before.split()) != sorted(after.split()):
        assert holds(after, before, after)
        assert not holds(before, before, after)
        assert holds(joined([after.strip("\n"), "One more passage that nobody touched."]), before, after)


@given(st.data(), texts)
def test_a_text_of_today_takes_a_proposal_and_loses_nothing_of_it(data: st.DataObject, before: str) -> None:
    after = edited(data.draw, before, passages)
    assert taken_into(before, before, after).text == after
    assert taken_into(after, before, after).clashes == 0


def test_a_head_of_a_file_stays_as_it_is_written() -> None:
    assert in_file("---\ntitle:   Odd   # spaces\n---\nOld.\n", "New.\n") == "---\ntitle:   Odd   # spaces\n---\nNew.\n"
    assert in_file("No head.\n", "New.\n") == "New.\n"
    assert new_pictures("![a](media/one.svg)", "![a](media/one.svg) ![b](media/two.png) ![b](media/two.png)") == ("two.png",)
