"""What stands for an account on a device."""

from itertools import pairwise

from flask import Flask

from elearn.accounts.account_marks import LENGTH, account_mark
from tests.cast import Cast


def test_a_mark_is_always_the_same_and_nobody_else_s() -> None:
    marks = [account_mark("one key", person) for person in range(1, 500)]
    assert marks == [account_mark("one key", person) for person in range(1, 500)]
    assert len(set(marks)) == len(marks)
    assert {len(mark) for mark in marks} == {LENGTH}


def test_a_mark_is_another_elsewhere_and_does_not_tell_the_number() -> None:
    here, there = ([account_mark(key, person) for person in range(1, 500)] for key in ("one key", "another key"))
    assert not set(here) & set(there)
    # Those who came one after the other do not stand in order.
    assert any(one > other for one, other in pairwise(here))


def test_every_page_of_somebody_carries_their_mark_and_no_page_of_a_reader_does(app: Flask, browse, cast: Cast) -> None:
    wanted = account_mark(app.config["SECRET_KEY"], cast.ana)
    for path in ("/", "/home", "/account", f"/classes/{cast.classes['Bruno']}/"):
        assert browse(cast.ana).get(path).root.find("body").get("data-account") == wanted
        assert browse(cast.bruno).get(path).root.find("body").get("data-account") not in {None, wanted}
    reader = browse().get("/").root
    assert reader.find("body").get("data-account") is None
    assert not list(reader.iter("script"))


def test_a_section_s_page_that_is_kept_for_a_class_carries_each_reader_s_own_mark(app: Flask, browse, cast: Cast) -> None:
    section = f"/classes/{cast.classes['Bruno']}/introduction-to-cybercrime/"
    first = next(url for url in browse(cast.ana).get(section).links().values() if url.startswith(section) and url != section)
    for person in (cast.ana, cast.bruno, cast.ana):
        body = browse(person).get(first).root.find("body")
        assert body.get("data-account") == account_mark(app.config["SECRET_KEY"], person)
