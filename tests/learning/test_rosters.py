"""Rosters through the pages and the command: looked at before anything is written, imported whole, sent out and back without a change."""

import csv
import io
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.accounts.models import EmailAddress, Person
from elearn.audit import AuditEntry
from elearn.db import counted_statements, db, unit_of_work
from elearn.learning import roster, roster_service, roster_views
from elearn.learning.models import ClassGroup, CourseClass, Enrolment, EnrolmentChange, RosterUpload
from elearn.learning.roster import read_roster
from elearn.learning.roster_commands import roster as command
from elearn.mail import Mail
from elearn.reach.recount import recount
from tests.cast import Cast, address
from tests.reader import Browser

ROSTER = (
    "name,email,student_id,language,group\n"
    "Ana Example,ANA@example.org,17,pt,Monday\n"
    "Emil Example,emil@example.org,18,es,Monday\n"
    "Zara Noor,zara@example.net,19,ar,Tuesday\n"
    "محمد علي,,20,ar,Tuesday\n"
)


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/teach/classes/{cast.classes['Bruno']}/roster"


def places(app: Flask, class_id: int) -> list[tuple[object, ...]]:
    """Return the students' current places: name, whose, address, student id, group."""
    with app.app_context():
        rows = db.session.execute(
            select(Enrolment.name, Enrolment.person_id, Enrolment.email, Enrolment.student_id, ClassGroup.name)
            .outerjoin(ClassGroup, ClassGroup.id == Enrolment.group_id)
            .where(Enrolment.class_id == class_id, Enrolment.role == "student", Enrolment.ended_at.is_(None))
            .order_by(Enrolment.student_id, Enrolment.name),
        )
        return [tuple(row) for row in rows]


def send(browser: Browser, page: str, content: bytes | str, name: str = "list.csv") -> str:
    """Send a roster as a file and return the address of its preview."""
    sent = {"roster": (io.BytesIO(content.encode() if isinstance(content, str) else content), name)}
    return browser.post(page, sent).response.headers["Location"]


def send_large(browser: Browser, page: str, content: bytes, name: str = "roster"):
    """Send a large body as a browser would; the test client would leave a file of it behind."""
    kind = '; filename="list.csv"\r\nContent-Type: text/csv' if name == "roster" else ""
    parts = [("csrf_token", "", browser.csrf_token.encode()), (name, kind, content)]
    body = b"".join(f'--edge\r\nContent-Disposition: form-data; name="{n}"{k}\r\n\r\n'.encode() + c + b"\r\n" for n, k, c in parts)
    return browser.client.post(page, data=body + b"--edge--\r\n", content_type="multipart/form-data; boundary=edge")


def imported(browser: Browser, page: str, content: bytes | str, **fields: str):
    return browser.submit(send(browser, page, content), fields)


def changes(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(db.session.scalars(select(EnrolmentChange.kind)))


def state(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Return every row that an import could touch."""
    with app.app_context():
        return {
            m.__tablename__: sorted(map(repr, db.session.execute(select(m.__table__))))
            for m in (Enrolment, EnrolmentChange, ClassGroup, Mail)
        }


def test_a_roster_is_looked_at_before_anything_is_written_and_then_imported(app: Flask, browse, cast: Cast, page: str, tmp_path) -> None:
    app.config["MAIL_URL"] = tmp_path.as_uri()
    bruno, class_id = browse(cast.bruno), cast.classes["Bruno"]
    before = state(app)
    preview = bruno.get(send(bruno, page, ROSTER))
    for words in (
        "Import 4 lines",
        "is there already; changes: e-mail address, student id, language, group",
        "new; waits to be claimed",
        "in the class at once",
        "محمد علي",
    ):
        assert words in preview.text
    assert state(app) == before, "nothing is written before one says so"
    earlier = Counter(changes(app))
    done = bruno.submit(preview.response.request.path, {"invite": "y"})
    assert "2 lines wait to be claimed, 1 student is in the class at once, 1 was changed" in done.text
    assert places(app, class_id) == [
        ("Ana Example", cast.ana, "ana@example.org", "17", "Monday"),
        ("Emil Example", cast.emil, "emil@example.org", "18", "Monday"),
        ("Zara Noor", None, "zara@example.net", "19", "Tuesday"),
        ("محمد علي", None, "", "20", "Tuesday"),
    ]
    assert Counter(changes(app)) - earlier == Counter(corrected=1, joined=1, listed=2)
    mails = {p.read_text(encoding="utf-8").split("To: ")[1].split("\n")[0]: p.read_bytes() for p in tmp_path.glob("*.eml")}
    assert sorted(mails) == ["emil@example.org", "zara@example.net"]
    assert cast.codes["Bruno"].encode() in mails["zara@example.net"]
    assert cast.codes["Bruno"].encode() not in mails["emil@example.org"]
    assert "Bruno's class" in browse(cast.emil).get("/home").text
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "import-roster")).one()
        assert (entry.actor_id, entry.subject_id, entry.details) == (
            cast.bruno,
            class_id,
            {"new": 2, "seats": 1, "changed": 1, "left_out": 0},
        )
        upload = db.session.scalars(select(RosterUpload)).one()
        assert upload.content is None, "the file is let go"
        assert not recount().differences


def test_nobody_is_invited_unless_the_professor_says_so(app: Flask, browse, cast: Cast, page: str, tmp_path) -> None:
    app.config["MAIL_URL"] = tmp_path.as_uri()
    imported(browse(cast.bruno), page, "name,email\nZara,zara@example.net\n")
    assert not list(tmp_path.glob("*.eml"))


def test_the_same_file_again_changes_nothing(app: Flask, browse, cast: Cast, page: str, tmp_path) -> None:
    app.config["MAIL_URL"] = tmp_path.as_uri()
    bruno = browse(cast.bruno)
    twins = ROSTER + "Twin,,,,\nTwin,,,,\n"
    imported(bruno, page, twins, invite="y")
    before = state(app)
    assert len(places(app, cast.classes["Bruno"])) == 6
    assert "nothing has changed" in imported(bruno, page, twins, invite="y").text
    assert state(app) == before


@pytest.mark.parametrize("separator", [";", "\t"])
def test_the_roster_that_one_takes_home_changes_nothing_when_it_comes_back(
    app: Flask, browse, cast: Cast, page: str, separator: str
) -> None:
    bruno = browse(cast.bruno)
    odd = "\"=cmd|' /C calc'!A0\",,'21,,\n'=1,,+22,,\n'Abd,,,,\nAna Example,,,,\n"
    imported(bruno, page, ROSTER + odd)
    before = state(app)
    home = bruno.get(page + ".csv").response
    assert "attachment" in home.headers["Content-Disposition"]
    text = home.get_data().decode("utf-8-sig")
    assert "\n'=cmd" in text or "\n\"'=cmd" in text, "no spreadsheet runs a name"
    rows = list(csv.reader(io.StringIO(text)))
    again = io.StringIO()
    csv.writer(again, delimiter=separator).writerows(rows)
    assert "nothing has changed" in imported(bruno, page, again.getvalue().encode("utf-8-sig")).text
    assert state(app) == before


def test_faulty_lines_are_named_and_nothing_is_imported_until_one_leaves_them_out(app, browse, cast: Cast, page: str, tmp_path) -> None:
    app.config["MAIL_URL"] = tmp_path.as_uri()
    bruno = browse(cast.bruno)
    faulty = ROSTER + ",nobody@x.org,,,\nZara again,ZARA@example.net,,,\n=cmd,not an address,,,\nBruno,bruno@example.org,,,\n"
    url = send(bruno, page, faulty)
    before = state(app)
    preview = bruno.get(url)
    for words in (
        "There is no name",
        "The address zara@example.net stands on line 4 too",
        "“not an address” does not look like an e-mail address",
        "bruno@example.org teaches this class",
        "Leave the 4 faulty lines out",
        "“=cmd” looks like a formula; it is kept as plain text",
    ):
        assert words in preview.text
    refused = bruno.post(url, {"invite": "y"}, 422)
    assert "Nothing was imported: put the faulty lines right" in refused.text
    assert "invite" in refused.form(url), "what was ticked stays ticked"
    assert state(app) == before
    reasons = bruno.get(url + "/faults.csv").response.get_data().decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(reasons))] == ["line", "6", "7", "8", "9"]
    done = bruno.submit(url, {"leave_out_faulty": "y"})
    assert "4 faulty lines were left out" in done.text
    assert len(places(app, cast.classes["Bruno"])) == 4


def test_the_first_faulty_lines_are_shown_and_all_are_sent(browse, cast: Cast, page: str, monkeypatch) -> None:
    monkeypatch.setattr(roster_views, "FAULTS_SHOWN", 3)
    bruno = browse(cast.bruno)
    url = send(bruno, page, "name,email\nAna,\n" + "".join(f"N{n},bad{n}\n" for n in range(7)))
    preview = bruno.get(url)
    assert "The first 3 are shown" in preview.text
    assert preview.text.count("does not look like") == 3
    assert bruno.get(url + "/faults.csv").response.get_data(as_text=True).count("does not look like") == 7


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 workbook", "not a table as text"),
        (b"Ana;ana@x.org\n", "one of them must be “name”"),
        (b"name,email\n", "There is no student in it"),
        (b"", "Choose a file, or paste"),
        (b"name,name\nAna,Ana\n", "Two columns are called “name”"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_beside_the_field_and_not_kept(app, browse, cast: Cast, page: str, content, words: str) -> None:
    refused = browse(cast.bruno).post(page, {"roster": (io.BytesIO(content), "x.csv")}, 422)
    assert words in refused.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(RosterUpload)) == 0


def test_pasted_lines_are_a_roster_too_and_stay_in_the_field_when_they_are_none(app: Flask, browse, cast: Cast, page: str) -> None:
    bruno = browse(cast.bruno)
    refused = bruno.post(page, {"pasted": "Ana, Ben and Cem"}, 422)
    assert refused.form(page)["pasted"] == "Ana, Ben and Cem"
    url = bruno.post(page, {"pasted": "name\tstudent id\r\nZara\t9\r\n"}).response.headers["Location"]
    bruno.submit(url, {})
    assert ("Zara", None, "", "9", None) in places(app, cast.classes["Bruno"])


def test_a_roster_may_be_larger_than_other_requests_and_has_an_end(browse, cast: Cast, page: str, monkeypatch) -> None:
    bruno = browse(cast.bruno)
    large = "name,group\n" + "".join(f"Student {n},{'g' * 70}\n" for n in range(15_000))
    assert len(large) > 1024 * 1024
    assert "Import 15,000 lines" in bruno.get(send_large(bruno, page, large.encode()).location).text
    assert "Import 15,000 lines" in bruno.get(send_large(bruno, page, large.encode(), name="pasted").location).text
    too_large = send_large(bruno, page, b"name\n" + b"x" * (roster.LARGEST_FILE + 1))
    assert (too_large.status_code, "at most 8 MB" in too_large.text) == (422, True)
    too_many = send_large(bruno, page, b"name\n" + b"A\n" * (roster.MOST_LINES + 1))
    assert (too_many.status_code, "at most 50,000 lines" in too_many.text) == (422, True)
    assert send_large(bruno, page, b"x" * (roster_views.LONGEST_BODY + 10)).status_code == 413
    assert send_large(bruno, "/join", b"x" * 1_100_000).status_code == 413


def test_latin_1_with_semicolons_is_read_and_said(app: Flask, browse, cast: Cast, page: str) -> None:
    bruno = browse(cast.bruno)
    url = send(bruno, page, "Name;E-Mail\nJosé Muñoz;jose@x.org\n".encode("latin-1"))
    assert "it was read as Windows-1252" in bruno.get(url).text
    bruno.submit(url, {})
    assert ("José Muñoz", None, "jose@x.org", "", None) in places(app, cast.classes["Bruno"])


def test_a_waiting_line_that_gets_an_address_or_another_name_is_the_same_line(app: Flask, browse, cast: Cast, page: str) -> None:
    bruno, class_id = browse(cast.bruno), cast.classes["Bruno"]
    imported(bruno, page, "name,student_id\nZara,9\nBare,\n")
    imported(bruno, page, "name,student_id,email,group\nZara Noor,9,z@x.org,A\nBare,,bare@x.org,\n")
    found = places(app, class_id)
    assert ("Zara Noor", None, "z@x.org", "9", "A") in found
    assert ("Bare", None, "bare@x.org", "", None) in found
    assert len(found) == 3
    imported(bruno, page, "name,email,group\nZara Noor,z@x.org,a\n")
    assert ("Zara Noor", None, "z@x.org", "9", "A") in places(app, class_id), (
        "what a file does not say stays, and a group's case is no other"
    )


def test_an_address_and_a_student_id_of_two_students_are_a_fault(browse, cast: Cast, page: str) -> None:
    bruno = browse(cast.bruno)
    imported(bruno, page, "name,student_id,email\nA,1,a@x.org\nB,2,b@x.org\n")
    preview = bruno.get(send(bruno, page, "name,student_id,email\nA,2,a@x.org\n"))
    assert "The address is one student's in this class, the student id 2 another's" in preview.text


def test_two_lines_that_mean_the_same_student_are_a_fault(app: Flask, browse, cast: Cast, page: str) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(EmailAddress(person_id=cast.emil, address="second@example.org", verified_at=clock.now()))
    preview = browse(cast.bruno).get(send(browse(cast.bruno), page, "name,email\nEmil,emil@example.org\nE.,second@example.org\n"))
    assert "Line 2 means the same student" in preview.text


def test_an_address_that_is_only_claimed_puts_nobody_into_the_class(app: Flask, browse, cast: Cast, page: str) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(EmailAddress(person_id=cast.emil, address="zara@example.net"))
    imported(browse(cast.bruno), page, "name,email\nZara,zara@example.net\n")
    assert ("Zara", None, "zara@example.net", "", None) in places(app, cast.classes["Bruno"])


def test_who_left_stays_out(app: Flask, browse, cast: Cast, page: str) -> None:
    with app.app_context(), unit_of_work():
        place = db.session.scalars(select(Enrolment).where(Enrolment.person_id == cast.ana, Enrolment.ended_at.is_(None))).one()
        place.ended_at, place.end_reason = clock.now(), "left"
    bruno = browse(cast.bruno)
    url = send(bruno, page, "name,email\nAna,ana@example.org\n")
    assert "was in this class and left it; stays out" in bruno.get(url).text
    bruno.submit(url, {})
    assert places(app, cast.classes["Bruno"]) == []


def test_a_roster_is_imported_once(app: Flask, browse, cast: Cast, page: str) -> None:
    bruno = browse(cast.bruno)
    url = send(bruno, page, ROSTER)
    bruno.submit(url, {})
    before = state(app)
    assert "has been imported or thrown away" in bruno.post(url, {}, 404).text
    bruno.get(url, 404)
    assert state(app) == before


def test_a_roster_that_is_thrown_away_or_a_day_old_is_gone(app: Flask, browse, cast: Cast, page: str) -> None:
    bruno = browse(cast.bruno)
    first, second = send(bruno, page, ROSTER), send(bruno, page, ROSTER)
    assert "list.csv" in bruno.get(page).text
    assert "thrown away" in bruno.submit(first + "/drop", {}).text
    bruno.get(first, 404)
    with app.app_context(), unit_of_work():
        for upload in db.session.scalars(select(RosterUpload)):
            upload.sent_at = clock.now() - timedelta(days=1, minutes=1)
    bruno.get(second, 404)
    assert "list.csv" not in bruno.get(page).text
    send(bruno, page, ROSTER)
    with app.app_context():
        kept = db.session.scalars(select(RosterUpload.content).order_by(RosterUpload.id)).all()
    assert [content is None for content in kept] == [True, True, False]


def test_an_import_that_fails_on_the_way_leaves_nothing(app: Flask, browse, cast: Cast, page: str, monkeypatch) -> None:
    bruno = browse(cast.bruno)
    url = send(bruno, page, ROSTER)
    before = state(app)

    def fail(*arguments: object, **named: object) -> None:
        raise roster_service.Conflict("on the way")

    with monkeypatch.context() as patch:
        patch.setattr(roster_service, "post", fail)
        bruno.post(url, {}, 409)
    assert state(app) == before
    bruno.submit(url, {})


@pytest.fixture
def statements_of_import(app: Flask, cast: Cast):
    def count(lines: int) -> int:
        owned, waiting = lines // 5, lines // 2
        with app.app_context(), unit_of_work():
            people = [Person(name=f"P{n}", created_at=clock.now()) for n in range(owned)]
            db.session.add_all(people)
            db.session.flush()
            db.session.add_all(
                EmailAddress(person_id=p.id, address=f"{lines}-{n}@x.org", verified_at=clock.now()) for n, p in enumerate(people)
            )
        head = "name,email,student_id,group\n"
        first = head + "".join(f"W{n},w{lines}-{n}@x.org,w{lines}-{n},G\n" for n in range(waiting))
        rest = "".join(f"S{n},{lines}-{n}@x.org,s{lines}-{n},G{n % 7}\n" for n in range(lines - waiting))
        second = first.replace(",G\n", ",H\n") + rest
        with app.app_context(), app.test_request_context():
            app.config["MAIL_URL"] = ""
            for text in (first, second):
                with unit_of_work(), counted_statements() as counted:
                    roster_service.import_roster(
                        cast.classes["Bruno"], read_roster(text.encode()), by_id=cast.bruno, leave_out_faulty=False, invite=True
                    )
                taken = len(counted)
            return taken

    return count


def test_importing_takes_the_same_statements_for_ten_lines_and_for_5000(app: Flask, cast: Cast, statements_of_import) -> None:
    few, many = statements_of_import(10), statements_of_import(5000)
    assert few <= 25
    # Addresses are asked for by the thousand.
    assert many <= few + 4
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Enrolment).where(Enrolment.class_id == cast.classes["Bruno"])) > 5000
        assert not recount().differences


def test_the_pages_take_the_same_statements_however_long_the_roster(app: Flask, browse, cast: Cast, page: str) -> None:
    bruno = browse(cast.bruno)
    counts = []
    bruno.get(page)
    for many in (3, 300):
        url = send(bruno, page, "name\n" + "".join(f"N{many}-{n}\n" for n in range(many)))
        with counted_statements() as counted:
            bruno.get(url)
            bruno.get(page)
            bruno.get(page + ".csv")
        counts.append(len(counted))
        bruno.submit(url, {})
    assert counts[0] == counts[1] <= 20


@pytest.mark.parametrize(("who", "status"), [("bruno", 200), ("dora", 404), ("ana", 404), ("carla", 404), ("emil", 404), ("root", 404)])
def test_only_the_professors_of_the_class_see_and_send_its_roster(browse, cast: Cast, page: str, who: str, status: int) -> None:
    url = send(browse(cast.bruno), page, ROSTER)
    somebody = browse(getattr(cast, who))
    somebody.get(page, status)
    somebody.get(url, status)
    somebody.get(page + ".csv", status)
    somebody.get(url + "/faults.csv", status)
    if status != 200:
        somebody.post(page, {"pasted": "name\nX\n"}, status)
        somebody.post(url, {}, status)
        somebody.post(url + "/drop", {}, status)
    else:
        somebody.post(url, {})


def test_an_assistant_sees_the_class_and_not_its_roster(app: Flask, browse, cast: Cast, page: str) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(
            Enrolment(class_id=cast.classes["Bruno"], person_id=cast.emil, role="assistant", name="Emil", enrolled_at=clock.now()),
        )
    emil = browse(cast.emil)
    emil.get(f"/teach/classes/{cast.classes['Bruno']}/")
    assert "Only the professors of this class" in emil.get(page, 403).text
    emil.post(page, {"pasted": "name\nX\n"}, 403)


def test_whoever_is_not_confirmed_puts_nobody_into_a_class(app: Flask, browse, cast: Cast) -> None:
    gita, page = browse(cast.gita), f"/teach/classes/{cast.classes['Gita']}/roster"
    assert "A coordinator of your institution has to confirm you first" in gita.get(page).text
    gita.post(page, {"pasted": "name,email\nAna,ana@example.org\n"}, 403)
    assert places(app, cast.classes["Gita"]) == []


def test_a_roster_of_another_class_is_not_there(browse, cast: Cast, page: str) -> None:
    upload = send(browse(cast.bruno), page, ROSTER).rsplit("/", 1)[1]
    browse(cast.dora).get(f"/teach/classes/{cast.classes['Dora']}/roster/{upload}", 404)


def run(app: Flask, *arguments: str):
    with app.app_context(), app.test_request_context():
        return CliRunner().invoke(command, ["import", *arguments])


def test_the_operator_imports_by_command(app: Flask, cast: Cast, tmp_path: Path) -> None:
    with app.app_context():
        code = db.session.get_one(CourseClass, cast.classes["Bruno"]).code
    file = tmp_path / "list.csv"
    file.write_bytes(ROSTER.replace("Zara Noor", "Zára").encode("latin-1", "replace") + b",,,,broken\n")
    refused = run(app, "--class", code, str(file))
    assert refused.exit_code != 0
    assert "line 6: There is no name." in refused.output
    assert len(places(app, cast.classes["Bruno"])) == 1
    done = run(app, "--class", code, "--leave-out-faulty", "--json", str(file))
    assert done.exit_code == 0, done.output
    assert '"new": 2' in done.output
    assert '"encoding": "Windows-1252"' in done.output
    again = run(app, "--class", code, "--leave-out-faulty", str(file))
    assert "0 new lines wait to be claimed, 0 students in the class at once, 0 changed, 4 there already" in again.output
    assert run(app, "--class", "NO-1", str(file)).exit_code != 0
    with app.app_context():
        assert None in db.session.scalars(select(AuditEntry.actor_id).where(AuditEntry.action == "import-roster")).all()


def test_an_address_of_a_deactivated_account_waits(app: Flask, browse, cast: Cast, page: str) -> None:
    imported(browse(cast.bruno), page, f"name,email\nHugo,{address('Hugo')}\n")
    assert ("Hugo", None, "hugo@example.org", "", None) in places(app, cast.classes["Bruno"])


def test_uploads_are_throttled(browse, cast: Cast, page: str, monkeypatch) -> None:
    monkeypatch.setattr(roster_views, "UPLOADS_PER_PERSON", 2)
    bruno = browse(cast.bruno)
    for _ in range(2):
        send(bruno, page, ROSTER)
    bruno.post(page, {"pasted": ROSTER}, 429)
