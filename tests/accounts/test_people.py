"""`/coordinate/people`: who is shown to whom, and every step in the life of a role."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.accounts import people_queries, service
from elearn.accounts.models import Membership, Person
from elearn.accounts.permissions import Role
from elearn.db import counted_statements, db, unit_of_work
from elearn.reach.recount import recount
from tests.accounts.conftest import at_once
from tests.cast import Cast, address

LIST = "/coordinate/people"


def test_a_coordinator_sees_everyone_with_a_role_at_home_and_the_programme_everyone(browse, cast: Cast) -> None:
    at_lagos = browse(cast.carla).get(LIST).links()
    assert {"Bruno Example", "Carla Example", "Gita Example", "Hugo Example"} <= at_lagos.keys()
    assert not {"Dora Example", "Faisal Example", "Edda Example", "Root Example"} & at_lagos.keys()
    everyone = browse(cast.root).get(LIST).links()
    assert {"Bruno Example", "Dora Example", "Edda Example", "Rosa Example", "Root Example"} <= everyone.keys()
    browse(cast.rosa).get(LIST, 403)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("state=waiting", {"Gita"}),
        ("state=confirmed&role=professor", {"Bruno", "Dora", "Hugo"}),
        ("state=declined", set()),
        ("state=ended", set()),
        ("role=editor", {"Edda"}),
        ("institution=rímac", {"Dora", "Faisal"}),
        ("institution=LAG&role=coordinator", {"Carla"}),
        ("q=bRUN", {"Bruno"}),
        ("q=dora@example", {"Dora"}),
        ("q=%25", set()),
        ("q=_", set()),
        (
            "state=nonsense&role=nonsense&sort=nonsense&page=-7",
            {"Bruno", "Carla", "Dora", "Edda", "Faisal", "Gita", "Hugo", "Rosa", "Root"},
        ),
    ],
)
def test_the_list_is_narrowed_in_the_address(browse, cast: Cast, asked: str, shown: set[str]) -> None:
    page = browse(cast.root).get(f"{LIST}?{asked}")
    assert {name.removesuffix(" Example") for name in page.links() if name.endswith(" Example")} - {"RERoot"} == shown
    if not shown:
        assert "No role fits" in page.text


def test_students_are_shown_to_the_programme_where_it_asks_and_to_no_coordinator(browse, cast: Cast, give) -> None:
    place = give(cast.ana, Role.STUDENT, cast.institutions["LAG"])
    carla, root = browse(cast.carla), browse(cast.root)
    for query in ("", "?role=student", "?q=ana"):
        assert "Ana Example" not in carla.get(LIST + query).links()
    carla.get(f"{LIST}/{place}", 404)
    carla.post(f"{LIST}/{place}/end", status=404)
    assert "Ana Example" not in root.get(LIST).links()
    assert root.get(f"{LIST}?role=student").links()["Ana Example"] == f"{LIST}/{place}"
    root.get(f"{LIST}/{place}")


def test_addresses_are_searched_by_the_programme_only(browse, cast: Cast) -> None:
    assert "Bruno Example" not in browse(cast.carla).get(f"{LIST}?q=bruno@example.org").links()


@pytest.mark.parametrize("sort", ["name", "-name", "role", "institution", "-since", "state"])
def test_the_list_is_sorted_by_its_headings(browse, cast: Cast, sort: str) -> None:
    page = browse(cast.root).get(f"{LIST}?sort={sort}")
    names = [name for name in page.links() if name.endswith(" Example")]
    if sort.lstrip("-") == "name":
        assert names[1:] == sorted(names[1:], reverse=sort == "-name"), "the first is the link to one's account"
    assert len(page.all("th", aria_sort="descending" if sort.startswith("-") else "ascending")) == 1


def test_a_thousand_people_cost_as_many_statements_as_ten(app: Flask, browse, cast: Cast) -> None:
    carla = browse(cast.carla)

    def statements() -> int:
        with counted_statements() as counted:
            carla.get(f"{LIST}?page=2")
        return len(counted)

    statements()
    before = statements()
    with app.app_context(), unit_of_work():
        people = [Person(name=f"Person {n:04}", created_at=service.clock.now()) for n in range(1000)]
        db.session.add_all(people)
        db.session.flush()
        db.session.add_all(
            Membership(person_id=p.id, institution_id=cast.institutions["LAG"], role="professor", state="requested", began_at=p.created_at)
            for p in people
        )
    assert statements() == before == 3
    page = carla.get(f"{LIST}?page=3&sort=name")
    assert "Person 0110" in page.links()
    assert page.all("nav", aria_label="Pages")


def test_declining_says_a_word_and_the_person_can_read_it(app, browse, cast: Cast, membership, row, letters, actions) -> None:
    path = f"{LIST}/{membership(cast.gita)}"
    page = browse(cast.carla).submit(f"{path}/decline", {"word": "Please write from your\r\nuniversity address."})
    assert "They are told by mail" in page.text
    assert "Please write from your university address." in page.text
    [letter] = letters()
    assert letter["To"] == address("Gita")
    assert "Carla Example writes: Please write from your\nuniversity address." in letter.get_content()
    assert "http://localhost/home" in letter.get_content()
    assert actions() == [("decline-membership", cast.institutions["LAG"])]
    with app.app_context():
        [past] = people_queries.past_roles_of(cast.gita)
    assert (past.state, past.word, past.institution) == ("declined", "Please write from your\nuniversity address.", "Lagoon University")
    browse(cast.gita).get("/teach/classes/new", 403)


def test_a_word_that_is_too_long_is_kept_and_said(browse, cast: Cast, membership, row) -> None:
    path = f"{LIST}/{membership(cast.gita)}"
    page = browse(cast.carla).post(f"{path}/confirm", {"word": "x" * 1001}, 422)
    assert "at most 1000" in page.text
    assert page.form(f"{path}/confirm")["word"] == "x" * 1001
    assert row(Membership, membership(cast.gita)).state == "requested"


def test_nobody_decides_on_themselves(browse, cast: Cast, membership, give, row) -> None:
    own = give(cast.carla, Role.PROFESSOR, cast.institutions["LAG"], state="requested")
    carla = browse(cast.carla)
    for step in ("confirm", "decline"):
        carla.post(f"{LIST}/{own}/{step}", status=403)
    assert row(Membership, own).state == "requested"
    assert "Nobody decides on their own role" in carla.get(f"{LIST}/{own}").text
    browse(cast.root).post(f"{LIST}/{own}/confirm")
    assert row(Membership, own).state == "confirmed"
    as_coordinator = next(iter_memberships(carla, cast, Role.COORDINATOR))
    carla.post(f"{LIST}/{as_coordinator}/role", status=403)


def iter_memberships(browser, cast: Cast, role: Role):
    with browser.app.app_context():
        yield from db.session.scalars(select(Membership.id).where(Membership.person_id == cast.carla, Membership.role == role)).all()


def test_a_role_ends_and_undo_gives_it_again_as_a_new_one(app, browse, cast: Cast, membership, row, letters) -> None:
    ended = membership(cast.bruno)
    carla = browse(cast.carla)
    page = carla.submit(f"{LIST}/{ended}/end", {"word": "You have left us."})
    assert "The role has ended" in page.text
    assert row(Membership, ended).ended_by_id == cast.carla
    browse(cast.bruno).get("/teach/classes/new", 403)
    assert "opens no class" in browse(cast.emil).post("/join", {"code": cast.codes["Bruno"]}, 422).text
    undo = next(f.get("action") for f in page.all("form") if f.get("action", "").endswith("/reinstate"))
    assert "theirs again" in carla.submit(undo).text
    again = membership(cast.bruno)
    assert again != ended
    assert row(Membership, ended).ended_at is not None, "what was stays to be read"
    assert row(Membership, again).state == "confirmed"
    browse(cast.bruno).get("/teach/classes/new")
    carla.post(undo, status=409)
    assert [letter["Subject"] for letter in letters()] == [
        "Your role has ended: Professor, Lagoon University",
        "You are confirmed: Professor, Lagoon University",
    ]
    with app.app_context():
        assert not people_queries.past_roles_of(cast.bruno)
        assert not recount().difference_count


def test_a_professor_becomes_a_coordinator_and_back(app, browse, cast: Cast, membership, row, actions) -> None:
    root = browse(cast.root)
    page = root.submit(f"{LIST}/{membership(cast.bruno)}/role")
    assert "The role has changed: Coordinator" in page.text
    assert row(Membership, membership(cast.bruno)).role == "coordinator"
    assert actions() == [("change-role", cast.institutions["LAG"])]
    browse(cast.bruno).get(LIST)
    root.submit(f"{LIST}/{membership(cast.bruno)}/role")
    assert row(Membership, membership(cast.bruno)).role == "professor"
    with app.app_context():
        current = select(func.count()).select_from(Membership).where(Membership.person_id == cast.bruno, Membership.ended_at.is_(None))
        assert db.session.scalar(current) == 1
        assert not people_queries.past_roles_of(cast.bruno), "nothing was lost"


def test_the_last_coordinator_stays_until_there_is_another(browse, cast: Cast, membership, give, row) -> None:
    last, root = membership(cast.carla), browse(cast.root)
    for step in ("end", "role"):
        assert "last coordinator" in root.post(f"{LIST}/{last}/{step}", status=409).text
    assert "last coordinator" in browse(cast.carla).post(f"{LIST}/{last}/end", status=409).text
    give(cast.hugo, Role.COORDINATOR, cast.institutions["LAG"])
    root.post(f"{LIST}/{last}/end", status=409)
    give(cast.bruno, Role.COORDINATOR, cast.institutions["LAG"])
    assert row(Membership, last).ended_at is None, "Hugo's account is deactivated: he is no other"
    root.post(f"{LIST}/{last}/end")
    assert row(Membership, last).ended_at is not None


def test_the_last_programme_coordinator_stays(browse, cast: Cast, membership, give) -> None:
    last, root = membership(cast.root), browse(cast.root)
    assert "last programme coordinator" in root.post(f"{LIST}/{last}/end", status=409).text
    give(cast.edda, Role.PROGRAMME_COORDINATOR)
    assert root.post(f"{LIST}/{last}/end").response.headers["Location"] == "/home"
    root.get(LIST, 403)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PROGRAMME_COORDINATOR])
def test_two_who_end_each_other_at_once_leave_one(app: Flask, browse, cast: Cast, give, role: Role) -> None:
    place = cast.institutions["LIM"] if role is Role.COORDINATOR else None
    pair = (cast.faisal, cast.dora) if role is Role.COORDINATOR else (cast.root, cast.edda)
    with app.app_context():
        held = db.session.scalars(select(Membership.id).where(Membership.person_id == pair[0], Membership.role == role)).one()
    other = give(pair[1], role, place)
    statuses = at_once([(browse(pair[0]), f"{LIST}/{other}/end", {}), (browse(pair[1]), f"{LIST}/{held}/end", {})])
    # The second is refused: as the last one, or because whoever asks holds the role no more.
    assert sorted(statuses) in ([303, 409], [303, 403], [303, 404])
    with app.app_context():
        left = select(func.count()).select_from(Membership).where(Membership.role == role, Membership.ended_at.is_(None))
        assert db.session.scalar(left.where(Membership.institution_id == place) if place else left) == 1


def test_two_who_decide_at_once_make_one_decision(app: Flask, browse, cast: Cast, membership, letters) -> None:
    path = f"{LIST}/{membership(cast.gita)}"
    statuses = at_once([(browse(cast.carla), f"{path}/confirm", {}), (browse(cast.root), f"{path}/decline", {})])
    assert sorted(statuses) == [303, 409]
    assert len(letters()) == 1
    refused = browse(cast.root).post(f"{path}/confirm", status=409)
    state = "confirmed" if statuses[0] == 303 else "declined"
    assert f"decided this already: it is {state}" in refused.text


NEW = {"email": "nia@example.org", "name": "Nia Example", "role": "professor", "institution": "LAG", "region": ""}


def test_a_role_for_somebody_with_an_account_is_confirmed_at_once(browse, cast: Cast, membership, row, letters, actions) -> None:
    page = browse(cast.carla).submit(f"{LIST}/new", NEW | {"email": " ANA@Example.org"})
    assert "Ana Example holds the role now. They are told by mail." in page.text
    given = row(Membership, membership(cast.ana))
    assert (given.role, given.state, given.decided_by_id) == ("professor", "confirmed", cast.carla)
    assert letters()[0]["To"] == address("Ana")
    assert actions() == [("give-role", cast.institutions["LAG"])]
    assert "holds this role already" in browse(cast.carla).post(f"{LIST}/new", NEW | {"email": address("Ana")}, 422).text


def test_giving_the_role_that_somebody_waits_for_confirms_it(browse, cast: Cast, membership, row) -> None:
    before = membership(cast.gita)
    browse(cast.carla).post(f"{LIST}/new", NEW | {"email": address("Gita")})
    assert membership(cast.gita) == before
    assert row(Membership, before).state == "confirmed"


def test_a_role_for_somebody_new_is_mailed_with_a_link_that_works_once(browse, cast: Cast, letters) -> None:
    page = browse(cast.carla).submit(f"{LIST}/new", NEW)
    assert "on its way to nia@example.org" in page.text
    assert "/set-password/" not in page.text
    [letter] = letters()
    link = next(line for line in letter.get_content().splitlines() if "/set-password/" in line)
    nia = browse()
    assert nia.submit(link.removeprefix("http://localhost"), {"password": "a long enough one"}).heading == "Welcome, Nia Example"
    nia.get("/teach/")
    browse().post(link.removeprefix("http://localhost"), {"password": "a long enough one"}, 422)


def test_without_mail_the_link_is_shown_once(browse, cast: Cast) -> None:
    carla = browse(cast.carla)
    page = carla.submit(f"{LIST}/new", NEW)
    assert "Hand this link to Nia Example now" in page.text
    [link] = [e.text for e in page.all("code") if "/set-password/" in (e.text or "")]
    assert "/set-password/" not in carla.get(page.response.request.path).text
    assert browse().submit(link.removeprefix("http://localhost"), {"password": "a long enough one"}).heading.startswith("Welcome")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("email", "", "Enter their e-mail"),
        ("email", "nobody", "does not look like"),
        ("email", "carla@example.org", None),
        ("email", "hugo@example.org", "is deactivated"),
        ("name", "", "Enter their name"),
        ("name", "x" * 201, "longer than"),
        ("role", "programme-coordinator", "Not a valid choice"),
        ("role", "student", "Not a valid choice"),
        ("institution", "LIM", "Enter the code of the institution"),
        ("institution", "", "Enter the code of the institution"),
        ("institution", "x" * 41, "longer than"),
    ],
)
def test_a_role_that_cannot_be_given_is_refused_beside_its_field(app, browse, cast: Cast, field, value, message) -> None:
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Membership))
    carla = browse(cast.carla)
    if message is None:
        assert "about yourself" in carla.post(f"{LIST}/new", NEW | {field: value}, 403).text
    else:
        page = carla.post(f"{LIST}/new", NEW | {field: value}, 422)
        assert message in page.text
        kept = page.form("")
        assert all(kept[name] == NEW[name] for name in {"email", "name", "institution"} - {field})
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Membership)) == before


def test_the_programme_gives_roles_of_its_own(browse, cast: Cast, membership, row) -> None:
    root = browse(cast.root)
    assert "Choose a region" in root.post(f"{LIST}/new", NEW | {"role": "regional-coordinator"}, 422).text
    root.post(f"{LIST}/new", NEW | {"email": address("Ana"), "role": "regional-coordinator", "region": "019"})
    given = row(Membership, membership(cast.ana))
    assert (given.role, given.region, given.institution_id) == ("regional-coordinator", "019", None)
    root.post(f"{LIST}/new", NEW | {"email": address("Ana"), "role": "regional-coordinator", "region": "002"})
    root.post(f"{LIST}/new", NEW | {"email": address("Ana"), "role": "regional-coordinator", "region": "002"}, 422)
    root.post(f"{LIST}/new", NEW | {"email": address("Dora"), "role": "editor", "institution": ""})
    assert row(Membership, membership(cast.dora)).role == "editor"


def test_whoever_gives_roles_cannot_try_addresses_without_end(browse, cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr("elearn.accounts.people_account_views.ROLES_GIVEN", 2)
    carla = browse(cast.carla)
    for number in range(2):
        carla.post(f"{LIST}/new", NEW | {"email": f"n{number}@example.org"})
    carla.post(f"{LIST}/new", NEW | {"email": "n2@example.org"}, 429)
