"""The published versions of a module of the series: what each brought, and two of them beside each other, for everyone."""

import pytest
from flask import Flask

from elearn.db import counted_statements
from tests.adaptation.upstream import FOLDER, SLUG, Upstream
from tests.cast import Cast

PATH = f"/modules/{SLUG}/changes"


@pytest.fixture
def upstream(app: Flask) -> Upstream:
    return Upstream(app)


def inserted(page) -> str:
    return " ".join("".join(ins.itertext()) for ins in page.all("ins"))


def file_of(upstream: Upstream, key: str) -> str:
    return next(path for path in upstream.files if path.startswith(f"{FOLDER}/en/") and path.endswith(f"-{key}.md"))


def say_more(upstream: Upstream, version: str, key: str, words: str, note: str = "More.") -> None:
    path = file_of(upstream, key)
    upstream.files[path] = upstream.files[path].rstrip() + f"\n\n{words}\n".encode()
    upstream.release(version, note)


def teacher_key(upstream: Upstream) -> str:
    """Return a section of the module that is for teachers."""
    path = next(path for path, text in upstream.files.items() if path.startswith(f"{FOLDER}/en/") and b"audience: teacher" in text)
    return path.rsplit("/", 1)[1].removesuffix(".md").split("-", 1)[1]


def test_a_module_s_page_leads_to_its_versions_with_their_notes(upstream: Upstream, browse) -> None:
    say_more(upstream, "1.9.0", "who-is-connected", "A new passage.", "Says who is new.")
    stranger = browse()
    assert PATH in [link.get("href") for link in stranger.get(f"/modules/{SLUG}/").all("a")]
    page = stranger.get(PATH)
    assert "Version 1.9.0" in page.text
    assert "Says who is new." in page.text
    assert page.all("select", name="from")
    assert not page.all("ins")


def test_two_versions_are_compared_word_by_word_for_everyone(upstream: Upstream, browse) -> None:
    say_more(upstream, "1.9.0", "who-is-connected", "A lighthouse nobody expected.")
    page = browse().get(f"{PATH}?from=1&to=2")
    assert "A lighthouse nobody expected." in inserted(page)
    assert "1 section differs" in page.text
    assert "A lighthouse nobody expected." not in inserted(browse().get(f"{PATH}?from=2&to=1"))
    assert "No difference" in browse().get(f"{PATH}?from=2&to=2").text


def test_a_version_alone_is_compared_with_the_one_before_it(upstream: Upstream, browse) -> None:
    say_more(upstream, "1.9.0", "who-is-connected", "The second version.")
    say_more(upstream, "1.9.1", "who-is-connected", "The third version.")
    assert "The second version." not in inserted(browse().get(f"{PATH}?to=3"))
    assert "The third version." in inserted(browse().get(f"{PATH}?to=3"))


def test_what_is_for_teachers_is_compared_for_confirmed_professors_only(upstream: Upstream, browse, cast: Cast) -> None:
    say_more(upstream, "1.9.0", teacher_key(upstream), "A word for teachers.")
    path = f"{PATH}?from=1&to=2"
    assert "A word for teachers." in inserted(browse(cast.bruno).get(path))
    for person in (None, cast.ana, cast.gita):
        page = browse(person).get(path)
        assert "A word for teachers." not in page.text
        assert "No difference" in page.text


def test_a_section_that_was_opened_keeps_to_itself_what_it_said_to_teachers(upstream: Upstream, browse, cast: Cast) -> None:
    key = teacher_key(upstream)
    say_more(upstream, "1.9.0", key, "The lighthouse is the answer.")
    path = file_of(upstream, key)
    upstream.change(path, "audience: teacher", "audience: everyone")
    upstream.change(path, "The lighthouse is the answer.", "Now everyone reads this.")
    upstream.release("1.9.1", "Opened.")
    asked = f"{PATH}?from=2&to=3"
    stranger = browse().get(asked)
    assert "Now everyone reads this." in inserted(stranger)
    assert "lighthouse" not in stranger.text
    assert "lighthouse" in browse(cast.bruno).get(asked).text


def test_questions_are_compared_for_confirmed_professors_only(upstream: Upstream, browse, cast: Cast) -> None:
    quiz = f"{FOLDER}/en/quiz.yml"
    first = next(line for line in upstream.files[quiz].decode().splitlines() if line.strip().startswith("prompt: ") and line.endswith("?"))
    upstream.change(quiz, first, f"{first[:-1]}, by lighthouse?")
    upstream.release("1.9.0", "A question asks more.")
    asked = f"{PATH}?from=1&to=2"
    assert "Questions of the quiz" in browse(cast.bruno).get(asked).text
    for person in (None, cast.ana, cast.gita):
        page = browse(person).get(asked)
        assert "lighthouse" not in page.text
        assert "No difference" in page.text


def test_a_version_that_there_is_not_is_no_page(upstream: Upstream, browse) -> None:
    stranger = browse()
    stranger.get(PATH)
    for asked in ("?from=9&to=1", "?to=x", "?from=", f"?from=1&to={'9' * 400}", "?from=-1"):
        stranger.get(PATH + asked, 404)
    stranger.get("/modules/elsewhere/changes", 404)
    stranger.get(f"/xx{PATH}", 404)


def test_a_module_that_was_published_once_has_nothing_to_compare(app: Flask, browse) -> None:
    page = browse().get(PATH)
    assert "Version" in page.text
    assert not page.all("select", name="from")


def test_comparing_versions_takes_few_statements(upstream: Upstream, browse) -> None:
    for number in range(5):
        say_more(upstream, f"1.9.{number}", "who-is-connected", f"Passage {number} of them.")
    stranger = browse()
    with counted_statements() as counted:
        stranger.get(f"{PATH}?from=1&to=6")
    assert len(counted) <= 20, counted
    with counted_statements() as again:
        stranger.get(f"{PATH}?from=1&to=6")
    assert len(again) <= 4, again
