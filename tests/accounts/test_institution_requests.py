"""Institutions that people ask for: shown to nobody until they are listed; added, merged or declined, once, with a word."""

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.accounts import institution_queries, service
from elearn.accounts.models import Institution, Membership
from elearn.accounts.permissions import Role
from elearn.adaptation.models import Course
from elearn.db import counted_statements, db, unit_of_work
from elearn.learning.models import CourseClass, Enrolment
from elearn.learning.service import enrol
from elearn.reach.models import Cell
from elearn.reach.recount import recount
from tests.accounts.conftest import NAME, Asking, ask, at_once
from tests.cast import Cast, make_class, visitor_of

WISHES = "/coordinate/institutions/requests"


def counted(app: Flask, unit: str, figure: str = "professors") -> int:
    with app.app_context():
        assert not recount().difference_count
        cell = db.session.get(Cell, ("ever", figure, "", unit))
        return cell.count if cell else 0


def word_of(app: Flask, person: int):
    with app.app_context():
        return institution_queries.requests_of(person)[0]


def test_a_wish_names_who_asks_since_when_and_what_it_may_be(app: Flask, browse, cast: Cast, asking: Asking) -> None:
    page = browse(cast.root).get(WISHES)
    assert f"Asked for by Zoë Nyström on {clock.now():%b} {clock.now().day}, {clock.now().year}" in page.text
    assert "may be in the list Lagoon University" in page.text or "The likest in the list: Lagoon University" in page.text


def test_the_five_likest_of_the_country_are_offered(app: Flask, browse, cast: Cast, asking: Asking) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        for number, name in enumerate(("Lagoon State University", "Delta College", "Niger Academy", "Zaria School", "Kano Institute")):
            service.add_institution(code=f"NG{number}", name=name, kind="university", country="NG")
        service.add_institution(code="TG1", name=NAME, kind="university", country="TG")
    offered = browse(cast.root).get(asking.path).all("input", type="radio")
    assert len(offered) >= 5
    with app.app_context():
        names = [db.session.get_one(Institution, int(e.get("value"))).name for e in offered]
    assert set(names[:2]) == {"Lagoon University", "Lagoon State University"}, "the likest first, of this country alone"


def test_a_thousand_wishes_cost_no_more_statements_than_one(app: Flask, browse, cast: Cast, asking: Asking) -> None:
    root = browse(cast.root)

    def statements() -> int:
        with counted_statements() as counted:
            root.get(WISHES)
        return len(counted)

    statements()
    before = statements()
    with app.app_context(), unit_of_work():
        at = clock.now()
        db.session.add_all(
            Institution(code=f"r-{n}", name=f"School {n}", kind="school", country="PE", created_at=at, state="requested", requested_by_id=1)
            for n in range(1000)
        )
    assert statements() == before <= 6
    assert root.get(f"{WISHES}?page=51").status == 200


def test_what_is_only_asked_for_is_shown_to_nobody_else(app: Flask, browse, cast: Cast, asking: Asking) -> None:
    zoe = browse(asking.person)
    assert NAME in zoe.get("/teach/").text
    zoe.get("/teach/classes/new")
    with app.app_context():
        code = db.session.get_one(Institution, asking.institution).code
    pages = [
        (None, "/sign-up"),
        (None, "/reach"),
        (None, "/"),
        (cast.carla, "/coordinate/people"),
        (cast.carla, "/coordinate/institutions"),
        (cast.carla, "/coordinate/audit"),
        (cast.rosa, "/coordinate/institutions"),
        (cast.rosa, "/coordinate/reach"),
        (cast.bruno, "/teach/classes/new"),
    ]
    for person, path in pages:
        page = browse(person).client.get(path, follow_redirects=True).get_data(as_text=True)
        assert NAME not in page, path
    browse(cast.rosa).get(f"/coordinate/reach?institution={code}", 404)
    browse(cast.root).get(f"/coordinate/reach?institution={code}", 404)
    assert "opens no class" in browse(cast.ana).post("/join", {"code": asking.join_code}, 422).text


def test_nobody_is_confirmed_where_nothing_is_listed(browse, cast: Cast, asking: Asking, row) -> None:
    root = browse(cast.root)
    page = root.get(f"/coordinate/people/{asking.membership}")
    assert "The institution comes first" in page.text
    root.post(f"/coordinate/people/{asking.membership}/confirm", status=409)
    assert row(Membership, asking.membership).state == "requested"


def test_it_is_added_with_a_code_of_its_own_and_the_person_confirmed(
    app, browse, cast: Cast, asking: Asking, row, letters, actions
) -> None:
    root = browse(cast.root)
    fields = root.get(asking.path).form(f"{asking.path}/add")
    assert (fields["code"], fields["name"], fields["timezone"], fields["confirm"]) == ("NG-UL", NAME, "Africa/Lagos", "y")
    page = root.submit(f"{asking.path}/add", fields | {"word": "Welcome!", "domains": "lagoon.example"})
    assert f"{NAME} is listed now." in page.text
    assert "They are told by mail." in page.text
    listed = row(Institution, asking.institution)
    assert (listed.state, listed.code, listed.decided_by_id, listed.decision_note) == ("confirmed", "NG-UL", cast.root, "Welcome!")
    assert row(Membership, asking.membership).state == "confirmed"
    assert row(CourseClass, asking.class_id).code == f"NG-UL-{asking.class_id}"
    assert actions(2) == [("confirm-membership", listed.id), ("list-institution", listed.id)]
    [letter] = letters()
    assert letter["Subject"] == f"{NAME} is listed now"
    assert "You are confirmed there as: Professor" in " ".join(letter.get_content().split())
    assert "Root Example writes: Welcome!" in letter.get_content()
    said = word_of(app, asking.person)
    assert (said.state, said.word, said.listed_as) == ("confirmed", "Welcome!", None)
    browse(cast.ana).post("/join", {"code": asking.join_code})
    assert counted(app, f"institution:{asking.institution}", "seats") == 1
    assert counted(app, f"institution:{asking.institution}") == 0, "what was published before stays uncounted"


def test_adding_it_does_not_confirm_unless_that_is_ticked(app, browse, cast: Cast, asking: Asking, row, letters) -> None:
    root = browse(cast.root)
    fields = root.get(asking.path).form(f"{asking.path}/add")
    del fields["confirm"]
    root.submit(f"{asking.path}/add", fields)
    assert row(Membership, asking.membership).state == "requested"
    assert "opens no class" in browse(cast.ana).post("/join", {"code": asking.join_code}, 422).text
    assert "still have to be confirmed" in " ".join(letters()[0].get_content().split())
    root.post(f"/coordinate/people/{asking.membership}/confirm")
    browse(cast.ana).post("/join", {"code": asking.join_code})


def test_a_form_that_cannot_be_taken_keeps_what_was_typed(browse, cast: Cast, asking: Asking, row) -> None:
    root = browse(cast.root)
    fields = root.get(asking.path).form(f"{asking.path}/add")
    page = root.post(f"{asking.path}/add", fields | {"code": "LAG", "local_name": "Lagun"}, 422)
    assert "There is an institution with the code LAG" in page.text
    assert page.form(f"{asking.path}/add")["local_name"] == "Lagun"
    assert row(Institution, asking.institution).state == "requested"
    assert "Say why" in root.post(f"{asking.path}/decline", {"decline-word": "  "}, 422).text
    assert "Choose one, or enter the code" in root.post(f"{asking.path}/merge", {"merge-word": "x"}, 422).text
    assert "Choose one, or enter the code" in root.post(f"{asking.path}/merge", {"merge-other": "NOWHERE"}, 422).text
    assert "Choose one" in root.post(f"{asking.path}/merge", {"merge-into": str(asking.institution)}, 422).text
    assert row(Institution, asking.institution).state == "requested"


def test_it_is_merged_and_everything_prepared_there_moves(app, browse, cast: Cast, asking: Asking, row, letters, actions) -> None:
    lagos = cast.institutions["LAG"]
    root = browse(cast.root)
    fields = root.get(asking.path).form(f"{asking.path}/merge")
    page = root.submit(f"{asking.path}/merge", fields | {"merge-into": str(lagos), "merge-word": "It is the same."})
    assert f"{NAME} is merged with Lagoon University." in page.text
    kept = row(Institution, asking.institution)
    assert (kept.state, kept.merged_into_id, kept.decision_note) == ("merged", lagos, "It is the same.")
    moved = row(Membership, asking.membership)
    assert (moved.institution_id, moved.state, moved.decided_by_id, moved.note) == (lagos, "confirmed", cast.root, "It is the same.")
    course_class = row(CourseClass, asking.class_id)
    assert (course_class.institution_id, course_class.code) == (lagos, f"LAG-{asking.class_id}")
    with app.app_context():
        assert not db.session.scalars(select(Course).where(Course.institution_id == asking.institution)).all()
    assert actions(2) == [("confirm-membership", lagos), ("merge-institution", lagos)]
    assert "It is listed as Lagoon University" in " ".join(letters()[0].get_content().split())
    said = word_of(app, asking.person)
    assert (said.state, said.word, said.listed_as) == ("merged", "It is the same.", "Lagoon University")
    assert "Lagoon University" in browse(asking.person).get("/teach/").text
    browse(cast.ana).post("/join", {"code": asking.join_code})
    assert counted(app, f"institution:{lagos}", "seats") == 2
    assert "Lagoon University" in root.get(f"/coordinate/institutions/{asking.institution}").text


def test_a_merge_without_the_tick_leaves_the_coordinator_to_confirm(browse, cast: Cast, asking: Asking, row) -> None:
    browse(cast.root).post(f"{asking.path}/merge", {"merge-other": "lag"})
    assert row(Membership, asking.membership).state == "requested"
    browse(cast.carla).post(f"/coordinate/people/{asking.membership}/confirm")
    assert row(Membership, asking.membership).state == "confirmed"


def test_who_was_confirmed_there_before_counts_for_what_they_published_under_the_other_name(
    app, browse, cast: Cast, asking: Asking
) -> None:
    """A recount finds the course at the institution where its author was confirmed on that day; so must the counters."""
    with app.app_context(), app.test_request_context(), unit_of_work():
        service.add_membership(asking.person, Role.PROFESSOR, institution_id=cast.institutions["LAG"])
        institution = db.session.get_one(Institution, asking.institution)
        make_class(visitor_of(asking.person), institution, "Zoë's other class")
    lagos = f"institution:{cast.institutions['LAG']}"
    before = counted(app, lagos)
    browse(cast.root).post(f"{asking.path}/merge", {"merge-other": "LAG", "merge-confirm": "y"})
    assert counted(app, lagos) == before + 1
    assert counted(app, f"institution:{asking.institution}") == 0


def test_a_role_that_they_have_there_already_is_kept_once(app, browse, cast: Cast, asking: Asking, row, give) -> None:
    there = give(asking.person, Role.PROFESSOR, cast.institutions["LAG"])
    browse(cast.root).post(f"{asking.path}/merge", {"merge-other": "LAG", "merge-confirm": "y", "merge-word": "You are there."})
    assert row(Membership, asking.membership).ended_at is not None
    assert (row(Membership, there).state, row(Membership, there).ended_at) == ("confirmed", None)


def test_lines_of_a_roster_take_their_seats_along(app, browse, cast: Cast, asking: Asking) -> None:
    """A seat taken while the institution was only asked for, whoever let it be, counts at the other one afterwards."""
    with app.app_context(), app.test_request_context(), unit_of_work():
        course_class = db.session.get_one(CourseClass, asking.class_id)
        enrol(course_class, cast.emil, "Emil", "student")
    assert counted(app, f"institution:{asking.institution}", "seats") == 1
    browse(cast.root).post(f"{asking.path}/merge", {"merge-other": "LIM"})
    assert counted(app, f"institution:{asking.institution}", "seats") == 0
    assert counted(app, f"institution:{cast.institutions['LIM']}", "seats") == 2
    assert counted(app, f"class:{asking.class_id}", "seats") == 1
    assert counted(app, "area:001", "seats") == 3
    with app.app_context(), unit_of_work():
        place = db.session.scalars(select(Enrolment).where(Enrolment.class_id == asking.class_id, Enrolment.person_id == cast.emil)).one()
        assert place.ended_at is None


def test_it_is_declined_with_a_word_that_the_person_reads(app, browse, cast: Cast, asking: Asking, row, letters, actions) -> None:
    page = browse(cast.root).submit(f"{asking.path}/decline", {"decline-word": "This is no institution."})
    assert "is declined" in page.text
    assert row(Institution, asking.institution).state == "declined"
    declined = row(Membership, asking.membership)
    assert (declined.state, declined.note, declined.ended_by_id) == ("declined", "This is no institution.", cast.root)
    assert "Root Example writes: This is no institution." in letters()[0].get_content()
    assert word_of(app, asking.person).word == "This is no institution."
    assert actions() == [("decline-institution", asking.institution)]
    browse(cast.root).post(f"/coordinate/people/{asking.membership}/reinstate", status=409)


@pytest.mark.parametrize("first", ["add", "merge", "decline"])
def test_the_second_to_decide_is_told_what_was_decided(browse, cast: Cast, asking: Asking, letters, first: str) -> None:
    root = browse(cast.root)
    page = root.get(asking.path)
    forms = {
        "add": page.form(f"{asking.path}/add"),
        "merge": {"merge-other": "LAG"},
        "decline": {"decline-word": "No."},
    }
    said = {"add": "has added it to the list, as NG-UL", "merge": "has merged it with Lagoon University", "decline": "has declined it"}
    root.post(f"{asking.path}/{first}", forms[first])
    for second, fields in forms.items():
        assert f"Root Example {said[first]}" in root.post(f"{asking.path}/{second}", fields, 409).text
    assert len(letters()) == 1
    root.get(asking.path)


def test_two_who_decide_at_once_make_one_decision(app: Flask, browse, cast: Cast, asking: Asking, give, letters, row) -> None:
    give(cast.edda, Role.PROGRAMME_COORDINATOR)
    statuses = at_once(
        [
            (browse(cast.root), f"{asking.path}/merge", {"merge-other": "LAG", "merge-confirm": "y"}),
            (browse(cast.edda), f"{asking.path}/decline", {"decline-word": "No."}),
        ]
    )
    assert sorted(statuses) == [303, 409]
    assert len(letters()) == 1
    state = row(Institution, asking.institution).state
    assert state == ("merged" if statuses[0] == 303 else "declined")
    assert row(Membership, asking.membership).state == ("confirmed" if state == "merged" else "declined")
    with app.app_context():
        assert not recount().difference_count


def test_nobody_confirms_themselves_by_adding_their_own(app: Flask, browse, cast: Cast, row) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        own = ask("Root's Academy", "KE", "Root Two", "root2@example.net")
        service.add_membership(own.person, Role.PROGRAMME_COORDINATOR)
    two = browse(own.person)
    fields = two.get(own.path).form(f"{own.path}/add")
    assert "confirm" not in fields
    two.submit(f"{own.path}/add", fields | {"confirm": "y"})
    assert row(Membership, own.membership).state == "requested"


def test_without_mail_the_page_says_where_the_word_is_read(browse, cast: Cast, asking: Asking) -> None:
    assert "No mail leaves this site" in browse(cast.root).submit(f"{asking.path}/decline", {"decline-word": "No."}).text


@pytest.mark.parametrize("name", ["Carla", "Faisal", "Rosa", "Edda", "Bruno", "Ana", "Gita"])
def test_only_the_programme_decides(browse, cast: Cast, asking: Asking, row, name: str) -> None:
    browser = browse(cast.people[name])
    for step, fields in (("add", {"code": "X"}), ("merge", {"merge-other": "LAG"}), ("decline", {"decline-word": "No."})):
        browser.post(f"{asking.path}/{step}", fields, 403)
    assert row(Institution, asking.institution).state == "requested"
    browse(cast.root).post(f"{asking.path}/merge", {"merge-other": "LAG"})


def test_what_was_never_asked_for_is_not_decided_on(browse, cast: Cast) -> None:
    root = browse(cast.root)
    for number in (cast.institutions["LAG"], 999):
        root.get(f"{WISHES}/{number}", 404)
        root.post(f"{WISHES}/{number}/decline", {"decline-word": "No."}, 404)
