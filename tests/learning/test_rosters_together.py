"""Rosters, codes, slips and addresses at the same moment: one place for each person, and nobody waits in a ring."""

import re
import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.accounts.acts import AddressVerified
from elearn.accounts.models import EmailAddress
from elearn.db import db, note, unit_of_work
from elearn.learning.models import Enrolment
from elearn.reach.recount import recount
from tests.cast import Cast
from tests.reader import Browser

ROSTER = "name,email,student_id,group\nEmil,emil@example.org,1,A\nZara,,2,A\nTwin,,,\nTwin,,,\n" + "".join(
    f"N{n},n{n}@x.org,,G{n % 5}\n" for n in range(300)
)


def together(*presses: Callable[[], int]) -> list[int]:
    """Return the statuses of ``presses``, done at the same moment, in their order."""
    gate, statuses = threading.Barrier(len(presses)), dict[int, int]()

    def run(number: int, press: Callable[[], int]) -> None:
        gate.wait()
        statuses[number] = press()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(presses)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [statuses[number] for number in range(len(presses))]


def posting(browser: Browser, path: str, **fields: str) -> Callable[[], int]:
    sent = {"csrf_token": browser.csrf_token} | fields
    return lambda: browser.client.post(path, data=sent).status_code


def upload(browser: Browser, cast: Cast) -> str:
    page = f"/teach/classes/{cast.classes['Bruno']}/roster"
    return browser.post(page, {"pasted": ROSTER}).response.headers["Location"]


def waiting(app: Flask, cast: Cast) -> list[str]:
    with app.app_context():
        assert not recount().differences
        found = select(Enrolment.name).where(
            Enrolment.class_id == cast.classes["Bruno"], Enrolment.person_id.is_(None), Enrolment.ended_at.is_(None)
        )
        return sorted(db.session.scalars(found))


def test_a_roster_is_imported_once_by_two_presses_at_once(app: Flask, browse, cast: Cast) -> None:
    url = upload(browse(cast.bruno), cast)
    first, second = together(*(posting(browse(cast.bruno), url) for _ in range(2)))
    assert {first, second} in ({303, 404}, {303, 409})
    assert len(waiting(app, cast)) == 303


def test_the_same_lines_sent_twice_and_imported_at_once_are_there_once(app: Flask, browse, cast: Cast) -> None:
    urls = [upload(browse(cast.bruno), cast) for _ in range(2)]
    assert together(*(posting(browse(cast.bruno), url) for url in urls)) == [303, 303]
    assert len(waiting(app, cast)) == 303
    assert waiting(app, cast).count("Twin") == 2


def test_slips_made_by_two_presses_at_once_are_one_for_each(app: Flask, browse, cast: Cast) -> None:
    browse(cast.bruno).submit(upload(browse(cast.bruno), cast), {})
    slips = f"/teach/classes/{cast.classes['Bruno']}/slips"
    assert together(*(posting(browse(cast.bruno), f"{slips}/make") for _ in range(2))) == [303, 303]
    assert "303 have a slip" in browse(cast.bruno).get(slips).text


def test_somebody_who_comes_by_four_ways_at_once_has_one_place(app: Flask, browse, cast: Cast) -> None:
    bruno, base = browse(cast.bruno), f"/teach/classes/{cast.classes['Bruno']}/"
    with app.app_context(), unit_of_work():
        db.session.scalars(select(EmailAddress).where(EmailAddress.person_id == cast.emil)).one().verified_at = None
    bruno.submit(upload(bruno, cast), {})
    bruno.post(base + "slips/make", {})
    page = bruno.get(base + "slips/print").text
    code = re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", page.split("Emil")[1])[0]
    again = upload(bruno, cast)

    def verify() -> int:
        with app.app_context(), app.test_request_context(), unit_of_work():
            db.session.scalars(select(EmailAddress).where(EmailAddress.person_id == cast.emil)).one().verified_at = clock.now()
            db.session.flush()
            note(AddressVerified(cast.emil, "emil@example.org"))
        return 303

    ways = (
        verify,
        posting(browse(cast.emil), "/join", code=cast.codes["Bruno"]),
        posting(browse(cast.emil), f"/slip/{code}", is_me="y"),
        posting(browse(cast.bruno), again),
    )
    verified, joined, slip, imported = together(*ways)
    assert (verified, joined, imported) == (303, 303, 303)
    assert slip in {303, 422}, "the line may be theirs already"
    with app.app_context():
        places = select(Enrolment).where(Enrolment.class_id == cast.classes["Bruno"], Enrolment.person_id == cast.emil)
        assert [place.ended_at for place in db.session.scalars(places)] == [None]
    left = waiting(app, cast)
    assert "Emil" not in left
    assert len(left) == 303
