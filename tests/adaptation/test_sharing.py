"""Courses are shared with other institutions, who adapt them in their turn; what is not shared is not there."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.accounts.acts import InstitutionsMerged
from elearn.accounts.models import Institution, Membership
from elearn.adaptation import adapt_service, overlays
from elearn.adaptation.base_queries import BaseRef
from elearn.adaptation.course_service import save_changes
from elearn.adaptation.merge_service import follow_mergers
from elearn.adaptation.models import Course, CourseModule, Overlay
from elearn.adaptation.queries import renewal_of
from elearn.adaptation.sharing_models import CourseSharing, SharedWith
from elearn.audit import AuditEntry
from elearn.catalogue.queries import current_series
from elearn.db import counted_statements, db, unit_of_work
from tests.adaptation.sharing import SHARED, Sharer, with_text
from tests.adaptation.upstream import SLUG, TWIN, Upstream
from tests.cast import Cast
from tests.learning.conftest import undo
from tests.reader import Browser

KEY = "who-is-connected"
FIRST = "Crime follows daily life"


@pytest.fixture
def bruno(app: Flask, cast: Cast) -> Sharer:
    return Sharer(app, cast, "Bruno")


@pytest.fixture
def dora(app: Flask, cast: Cast) -> Sharer:
    return Sharer(app, cast, "Dora")


@pytest.fixture
def upstream(app: Flask) -> Upstream:
    return Upstream(app)


def bases(who: Sharer) -> set[int | None]:
    with who.inside():
        return {module.base.ref.edition_id for module in who.modules()}


def acts(app: Flask, course_id: int) -> list[str]:
    with app.app_context():
        asked = select(AuditEntry.action).where(AuditEntry.subject == "course", AuditEntry.subject_id == course_id).order_by(AuditEntry.id)
        return list(db.session.scalars(asked))


def test_what_is_not_shared_is_not_there(bruno: Sharer, dora: Sharer) -> None:
    for path in ("", f"{SLUG}/compare", f"{SLUG}/sections/{KEY}", "adapt", f"{SLUG}/take"):
        dora.browser.get(f"{bruno.shared}{path}", status=404)
    assert "Nobody shares a course with your institution yet" in dora.browser.get(SHARED).text
    bruno.share()
    for path in ("", f"{SLUG}/compare", f"{SLUG}/sections/{KEY}", "adapt", f"{SLUG}/take"):
        dora.browser.get(f"{bruno.shared}{path}")
    assert "Bruno's class" in dora.browser.get(SHARED).links()


def test_a_course_shared_with_named_institutions_is_there_for_those_alone(cast: Cast, bruno: Sharer, dora: Sharer) -> None:
    bruno.share("named")
    assert "None yet: so far nobody can read the course" in bruno.browser.get(f"{bruno.page}sharing").text
    dora.browser.get(bruno.shared, status=404)
    found = bruno.browser.get(f"{bruno.page}sharing?q=rimac")
    assert found.form(f"{bruno.page}sharing/institutions")["institution"] == str(cast.institutions["LIM"])
    named = bruno.share_with(cast.institutions["LIM"])
    dora.browser.get(bruno.shared)
    undo(bruno.browser, named)
    dora.browser.get(bruno.shared, status=404)


def test_naming_an_institution_shares_a_course_that_was_shared_with_nobody(cast: Cast, bruno: Sharer, dora: Sharer) -> None:
    bruno.share_with(cast.institutions["LIM"])
    dora.browser.get(bruno.shared)
    gone = bruno.browser.submit(f"{bruno.page}sharing/institutions/{cast.institutions['LIM']}/remove")
    dora.browser.get(bruno.shared, status=404)
    undo(bruno.browser, gone)
    dora.browser.get(bruno.shared)
    bruno.browser.post(f"{bruno.page}sharing/institutions", {"institution": "x"}, status=422)
    bruno.browser.post(f"{bruno.page}sharing/institutions", {"institution": "99999"}, status=404)
    bruno.browser.post(f"{bruno.page}sharing/institutions/{cast.institutions['LAG']}/remove", status=404)


def test_nothing_is_shared_before_an_edition_exists(app: Flask, cast: Cast, bruno: Sharer) -> None:
    bruno.make_course("Not published", [SLUG])
    assert "Nothing to share yet" in bruno.browser.get(f"{bruno.page}sharing").text
    refused = bruno.browser.post(f"{bruno.page}sharing", {"audience": "all"}, status=409)
    assert "Publish the course first" in refused.text
    bruno.browser.post(f"{bruno.page}sharing/institutions", {"institution": cast.institutions["LIM"]}, status=409)
    bruno.browser.get(bruno.shared, status=404)


def test_a_sharing_that_is_none_is_refused_beside_the_field(bruno: Sharer) -> None:
    assert "Choose one" in bruno.browser.post(f"{bruno.page}sharing", {}, status=422).text
    bruno.browser.post(f"{bruno.page}sharing", {"audience": "everybody"}, status=422)


def test_only_who_the_institution_confirmed_shares_and_reads_what_is_shared(app: Flask, cast: Cast, bruno: Sharer) -> None:
    gita = Sharer(app, cast, "Gita")
    assert "once its institution has confirmed you" in gita.browser.get(f"{gita.page}sharing").text
    gita.browser.post(f"{gita.page}sharing", {"audience": "all"}, status=403)
    bruno.share()
    assert "once yours has confirmed you" in gita.browser.get(SHARED).text
    gita.browser.get(bruno.shared, status=404)
    with app.app_context(), unit_of_work():
        db.session.scalars(select(Membership).where(Membership.person_id == cast.gita)).one().state = "confirmed"
    gita.browser.get(bruno.shared)
    # Students and coordinators of the institution read nothing by it.
    for name in ("Emil", "Faisal"):
        Browser.of(app, cast.people[name]).get(bruno.shared, status=404)


def test_others_read_editions_never_what_is_not_published(bruno: Sharer, dora: Sharer) -> None:
    bruno.share()
    bruno.save(with_text(FIRST, "A word that nobody published", KEY))
    assert "nobody published" not in dora.browser.get(f"{bruno.shared}{SLUG}/sections/{KEY}").text
    assert "1 passage yours" not in dora.browser.get(bruno.shared).text
    bruno.publish()
    assert "nobody published" in dora.browser.get(f"{bruno.shared}{SLUG}/sections/{KEY}").text
    assert "1 passage yours" in dora.browser.get(bruno.shared).text
    assert "A word that nobody published" in dora.browser.get(f"{bruno.shared}{SLUG}/compare").text
    dora.browser.get(f"{bruno.shared}{SLUG}/sections/nowhere", status=404)
    dora.browser.get(f"{bruno.shared}nowhere/compare", status=404)
    shown = dora.browser.get(bruno.shared).text
    assert "Bruno Example" not in shown
    assert "@example.org" not in shown


def test_a_course_is_adapted_and_stands_on_the_edition(app: Flask, bruno: Sharer, dora: Sharer) -> None:
    bruno.save(with_text(FIRST, "What Lagos says", KEY))
    edition_id = bruno.publish()
    bruno.share()
    dora.adapt(bruno)
    assert bases(dora) == {edition_id}
    assert "What Lagos says" in dora.module().source.section(KEY).markdown
    assert "stands on edition 2 of “Bruno's class”" in dora.browser.get(f"{dora.page}{SLUG}/").text
    assert "as the series has it" not in dora.browser.get(dora.page).text
    assert "adapt-course" in acts(app, dora.course_id)
    with app.app_context():
        assert db.session.get_one(Course, dora.course_id).institution_id != db.session.get_one(Course, bruno.course_id).institution_id
    dora.save(with_text("What Lagos says", "What Lima says", KEY))
    shown = dora.shown(dora.publish(), KEY)
    assert "What Lima says" in shown
    assert "Universidad del Rímac: 1 course" in bruno.browser.get(f"{bruno.page}sharing").text


def test_updates_of_a_shared_course_reach_those_who_adapted_it_until_sharing_ends(bruno: Sharer, dora: Sharer) -> None:
    bruno.share()
    dora.adapt(bruno)
    dora.save(lambda module: overlays.hidden(module.overlay.changes, "why-people-offend"))
    bruno.save(with_text(FIRST, "A newer word", KEY))
    bruno.publish()
    assert [offer.is_ended for offer in dora.offers()] == [False]
    assert dora.with_updates() == [dora.course_id]
    ended = bruno.share("nobody")
    assert "keep what they have" in ended.text
    assert "Sharing ended on" in ended.text
    (offer,) = dora.offers()
    assert offer.is_ended
    assert offer.newer is None
    assert dora.with_updates() == []
    for path in ("", f"{SLUG}/", f"{SLUG}/update", "updates"):
        assert "shared any more" in dora.browser.get(f"{dora.page}{path}").text, path
    dora.browser.get(bruno.shared, status=404)
    # Nothing is lost: what they have can be taught.
    assert FIRST in dora.shown(dora.publish(), KEY)
    undo(bruno.browser, ended)
    dora.take()
    assert "A newer word" in dora.module().source.section(KEY).markdown


def test_a_course_on_a_course_on_a_course(app: Flask, cast: Cast, bruno: Sharer, dora: Sharer, upstream: Upstream) -> None:
    bruno.save(with_text(FIRST, "What Lagos says", KEY))
    bruno.publish()
    bruno.share()
    dora.adapt(bruno)
    dora.save(lambda module: overlays.hidden(module.overlay.changes, "why-people-offend"))
    dora.publish()
    dora.share_with(cast.institutions["LAG"])
    third = Sharer(app, cast, "Gita")
    with app.app_context(), unit_of_work():
        db.session.scalars(select(Membership).where(Membership.person_id == cast.gita)).one().state = "confirmed"
    third.adapt(dora, "A third")
    text = third.module().source
    assert "What Lagos says" in text.section(KEY).markdown
    assert text.section("why-people-offend") is None
    # The first ends sharing with the second's institution: the third goes on with the second.
    bruno.share("nobody")
    dora.save(with_text("What Lagos says", "What Lima says", KEY))
    dora.publish()
    assert [offer.is_ended for offer in third.offers()] == [False]


def test_a_module_is_taken_into_a_course_and_refused_with_the_reason_where_it_does_not_fit(
    app: Flask, bruno: Sharer, dora: Sharer, upstream: Upstream
) -> None:
    upstream.add_twin()
    bruno.make_course("Two", [SLUG, TWIN])
    edition_id = bruno.publish()
    bruno.share()
    there = dora.take_module(bruno, TWIN)
    assert there.response.headers["Location"] == f"{dora.page}{TWIN}/"
    assert dora.module(TWIN).base.ref.edition_id == edition_id
    assert "take-module" in acts(app, dora.course_id)
    assert "has this module already" in dora.take_module(bruno, TWIN, status=409).text
    assert "Choose a course" in dora.browser.post(f"{bruno.shared}{SLUG}/take", {}, status=422).text
    dora.browser.post(f"{bruno.shared}{SLUG}/take", {"course": bruno.course_id}, status=422)
    # One that was taken out and had changes keeps them in its history.
    with app.app_context(), unit_of_work():
        place = db.session.get_one(CourseModule, (dora.course_id, dora.module(TWIN).module_id))
        db.session.delete(place)
    dora.take_module(bruno, TWIN)
    assert "taken from a shared course" in dora.browser.get(f"{dora.page}{TWIN}/history").text


def test_two_courses_do_not_stand_on_each_other(bruno: Sharer, dora: Sharer, upstream: Upstream) -> None:
    upstream.add_twin()
    bruno.make_course("Bruno's two", [SLUG, TWIN])
    bruno.publish()
    bruno.share()
    mine = bruno.course_id
    dora.adapt(bruno, "Dora's")
    dora.publish()
    dora.share()
    bruno.take_out(TWIN)
    refused = bruno.take_module(dora, TWIN, status=422)
    assert "each would wait for the other's updates" in refused.text
    assert "“Bruno's two”" in refused.text
    # Another course of Bruno's may.
    bruno.make_course("Another", [SLUG])
    bruno.take_module(dora, TWIN)
    # And neither may one that stands on it now, though nothing of that is published yet.
    bruno.publish()
    bruno.share()
    other, bruno.course_id = bruno.course_id, mine
    bruno.take_module_from(other, TWIN, status=422)


def test_two_courses_that_take_from_each_other_at_once_do_not_both_succeed(bruno: Sharer, dora: Sharer, upstream: Upstream) -> None:
    upstream.add_twin()
    for who in (bruno, dora):
        who.make_course(f"Of {who.id}", [SLUG, TWIN])
        who.publish()
        who.share()
        who.take_out(TWIN)
    fields = [{"course": who.course_id, "csrf_token": who.browser.csrf_token} for who in (bruno, dora)]
    gate, statuses = threading.Barrier(2), []

    def press(who: Sharer, other: Sharer, sent: dict[str, object]) -> None:
        gate.wait()
        statuses.append(who.browser.client.post(f"{other.shared}{TWIN}/take", data=sent).status_code)

    threads = [threading.Thread(target=press, args=args) for args in ((bruno, dora, fields[0]), (dora, bruno, fields[1]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 422]


def test_an_earlier_state_that_stands_on_a_course_made_from_this_one_is_not_restored(bruno: Sharer, dora: Sharer, app: Flask) -> None:
    dora.publish()
    dora.share()
    bruno.adapt(dora, "First on Dora's")
    # Then it moved to the series, and Dora's course to it.
    with bruno.inside(), unit_of_work():
        module, series = bruno.module(), current_series().module(SLUG).revision.id
        save_changes(bruno.visitor, bruno.course(), module, {}, seen=1, base=BaseRef(module.module_id, series))
    edition_id = bruno.publish()
    with dora.inside(), unit_of_work():
        module = dora.module()
        base = BaseRef(module.module_id, 0, edition_id)
        save_changes(dora.visitor, dora.course(), module, {}, seen=module.overlay.number, base=base)
    path = bruno.browser.get(f"{bruno.page}{SLUG}/history").all("form")
    (action,) = {form.get("action") for form in path} - {"/sign-out"}
    refused = bruno.browser.post(action, {"seen": 2}, status=409)
    assert "made from yours by now" in refused.text


def test_a_person_makes_only_so_many_courses_of_others(monkeypatch, bruno: Sharer, dora: Sharer) -> None:
    bruno.share()
    monkeypatch.setattr(adapt_service, "ADAPTED_PER_PERSON", 1)
    dora.adapt(bruno)
    form = dora.browser.get(f"{bruno.shared}adapt").form("")
    dora.browser.post(f"{bruno.shared}adapt", form, status=429)


@pytest.mark.parametrize(("typed", "words"), [({"title": " "}, "Give the course a title"), ({"institution": "7"}, "Not a valid choice")])
def test_a_course_made_of_another_has_a_title_and_a_place_where_it_is_shared(
    cast: Cast, bruno: Sharer, dora: Sharer, typed: dict[str, str], words: str
) -> None:
    bruno.share_with(cast.institutions["LIM"])
    form = dora.browser.get(f"{bruno.shared}adapt").form("")
    refused = dora.browser.post(f"{bruno.shared}adapt", {**form, **typed}, status=422)
    assert words in refused.text


def test_a_course_that_stands_on_another_is_not_moved_to_the_series_when_it_is_taught_again(bruno: Sharer, dora: Sharer) -> None:
    bruno.save(with_text(FIRST, "What Lagos says", KEY))
    bruno.publish()
    bruno.share()
    dora.adapt(bruno)
    dora.publish()
    with dora.inside():
        assert not renewal_of(dora.course_id).follows


def test_the_list_of_shared_courses_is_searched_and_takes_few_statements(app: Flask, bruno: Sharer, dora: Sharer) -> None:
    bruno.share()
    for number in range(12):
        bruno.make_course(f"Course {number}", [SLUG])
        bruno.publish()
        bruno.share()
    assert "Course 3" in dora.browser.get(f"{SHARED}?q=course+3").links()
    assert "Course 4" not in dora.browser.get(f"{SHARED}?q=course+3").links()
    assert "Course 4" in dora.browser.get(f"{SHARED}?q=LAGOON").links()
    assert "Course 4" in dora.browser.get(f"{SHARED}?module={SLUG}&licence=CC-BY-4.0").links()
    assert "No course is like that" in dora.browser.get(f"{SHARED}?licence=CC0-1.0").text
    assert "No course is like that" in dora.browser.get(f"{SHARED}?q=%25").text
    with counted_statements() as few:
        dora.browser.get(f"{SHARED}?q=course+3")
    with counted_statements() as many:
        dora.browser.get(SHARED)
    assert len(many) == len(few), many
    assert len(many) <= 8, many


def test_reading_a_shared_course_takes_few_statements(bruno: Sharer, dora: Sharer, upstream: Upstream) -> None:
    bruno.share()
    dora.browser.get(bruno.shared)
    with counted_statements() as one:
        dora.browser.get(bruno.shared)
    upstream.add_twin()
    bruno.make_course("Two", [SLUG, TWIN])
    bruno.publish()
    bruno.share()
    dora.browser.get(bruno.shared)
    with counted_statements() as two:
        dora.browser.get(bruno.shared)
    assert len(two) == len(one) <= 8, two


def test_named_institutions_follow_where_one_turns_out_to_be_another(app: Flask, cast: Cast, bruno: Sharer) -> None:
    bruno.share_with(cast.institutions["LIM"])
    with app.app_context(), unit_of_work():
        again = Institution(code="LIM2", name="Lima again", kind="university", country="PE", created_at=clock.now())
        db.session.add(again)
        db.session.flush()
        act = InstitutionsMerged(from_id=cast.institutions["LIM"], into_id=again.id)
        follow_mergers([act])
        into = again.id
    with app.app_context():
        named = db.session.scalars(select(SharedWith.institution_id).where(SharedWith.course_id == bruno.course_id)).all()
        assert list(named) == [into]


def test_a_course_of_an_institution_that_is_not_there_any_more_is_not_shared(app: Flask, cast: Cast, bruno: Sharer, dora: Sharer) -> None:
    bruno.share()
    dora.adapt(bruno)
    with app.app_context(), unit_of_work():
        db.session.get_one(Institution, cast.institutions["LAG"]).state = "declined"
    dora.browser.get(bruno.shared, status=404)
    assert "not shared any more" in dora.browser.get(dora.page).text
    assert FIRST in dora.shown(dora.publish(), KEY)


def test_sharing_is_written_down_and_a_second_press_changes_nothing(app: Flask, cast: Cast, bruno: Sharer) -> None:
    bruno.share()
    assert "nothing was changed" in bruno.share().text
    bruno.share_with(cast.institutions["LIM"])
    bruno.share_with(cast.institutions["LIM"])
    bruno.share("nobody")
    with app.app_context():
        assert db.session.get_one(CourseSharing, bruno.course_id).audience == "nobody"
    assert acts(app, bruno.course_id)[-3:] == ["share-course-editions", "share-course-editions", "end-sharing"]


def test_overlays_of_an_adapted_course_point_at_the_edition_and_hold_nothing_of_its_text(app: Flask, bruno: Sharer, dora: Sharer) -> None:
    bruno.share()
    dora.adapt(bruno)
    with app.app_context():
        rows = db.session.scalars(select(Overlay).where(Overlay.course_id == dora.course_id)).all()
        assert {(row.act, row.number, row.base_revision_id) for row in rows} == {("adapt", 1, None)}
        assert all(row.changes == {} for row in rows)
