"""The pages of a course's folder: taking it home, sending it back, looking, using, undoing."""

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.adaptation import course_service, own_data
from elearn.adaptation.course_queries import adapted_module, adapted_modules
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.folder_models import CourseUpload
from elearn.adaptation.models import Course, EditionSection, Overlay
from elearn.adaptation.queries import edition
from elearn.archives import packed
from elearn.catalogue.queries import pinned_items
from elearn.db import db, unit_of_work
from tests.adaptation.pictures import courses, endless, png
from tests.adaptation.test_pictures import send as send_picture
from tests.cast import Cast, visitor_of
from tests.reader import Browser, Page

SLUG = "introduction-to-cybercrime"
FOLDER = f"01-{SLUG}"
Files = dict[str, bytes]


@pytest.fixture
def course_id(app: Flask) -> int:
    with app.app_context():
        return courses()["Bruno"]


def place(course_id: int, *more: object) -> str:
    return "/".join([f"/teach/courses/{course_id}/folder", *map(str, more)])


def download(browser: Browser, course_id: int) -> Files:
    answer = browser.client.post(place(course_id, "download"), data={"csrf_token": browser.csrf_token})
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/zip"
    assert f"filename=course-{course_id}.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def send(browser: Browser, course_id: int, content: bytes | Mapping[str, bytes], status: int = 303) -> Page:
    sent = content if isinstance(content, bytes) else packed(content)
    parts = [('name="csrf_token"', browser.csrf_token.encode())]
    parts.append(('name="folder"; filename="course.zip"\r\nContent-Type: application/zip', sent))
    body = b"".join(f"--edge\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + each + b"\r\n" for head, each in parts)
    answer = browser.client.post(place(course_id), data=body + b"--edge--\r\n", content_type="multipart/form-data; boundary=edge")
    return browser._page(answer, status)


def used(browser: Browser, course_id: int, files: Mapping[str, bytes]) -> Page:
    """Send a folder and have the course be as it says."""
    there = send(browser, course_id, files).response.headers["Location"]
    assert browser.get(there).heading == "What was recognised"
    return browser.submit(there)


def named(files: Files, key: str) -> str:
    return next(name for name in files if name.endswith(f"-{key}.md"))


def changed(files: Files, key: str, change: Callable[[str], str]) -> Files:
    name = named(files, key) if not key.endswith(".yml") else f"{FOLDER}/en/{key}"
    return {**files, name: change(files[name].decode()).encode()}


def overlays(app: Flask, course_id: int) -> list[dict[str, object]]:
    with app.app_context():
        rows = select(Overlay.changes).where(Overlay.course_id == course_id).order_by(Overlay.number)
        return list(db.session.scalars(rows))


def test_a_course_goes_home_in_the_format_of_the_series(app: Flask, cast: Cast, browse, course_id: int) -> None:
    files = download(browse(cast.bruno), course_id)
    assert files["course.yml"].startswith(b"# ")
    assert {f"{FOLDER}/module.yml", f"{FOLDER}/en/module.md", f"{FOLDER}/en/quiz.yml", named(files, "introduction")} <= set(files)
    with app.app_context():
        course = db.session.get_one(Course, course_id)
        module = adapted_module(course, SLUG)
        for section in module.base.source.sections:
            assert files[named(files, section.key)].decode().endswith(f"---\n{section.markdown}")
    assert any(name.startswith(f"{FOLDER}/media/") for name in files)


def test_sent_back_untouched_it_changes_nothing(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    files = download(bruno, course_id)
    there = send(bruno, course_id, files).response.headers["Location"]
    page = bruno.get(there)
    assert "Nothing would change" in page.text
    assert not page.all("form", action=there)
    assert "nothing was changed" in bruno.submit(there).text
    assert overlays(app, course_id) == [{}]
    # Also with what computers put beside files, in a folder around it, and without its pictures.
    noisy = {f"course-1/{name}": each for name, each in files.items() if "/media/" not in name}
    noisy |= {"__MACOSX/._course.yml": b"\0", "course-1/.DS_Store": b"\0", "course-1/Thumbs.db": b"\0"}
    assert "Nothing would change" in bruno.get(send(bruno, course_id, noisy).response.headers["Location"]).text


def test_what_was_changed_is_shown_then_used_and_undone(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    files = download(bruno, course_id)
    own = b"---\ntitle: Our law\nkind: key-issue\naudience: everyone\nminutes: 5\noutcomes: []\n---\nOur law is this.\n"
    edited = changed(files, "introduction", lambda text: text.rstrip("\n") + "\n\nAnd what *we* say.\n")
    edited.pop(named(edited, "tools"))
    edited[f"{FOLDER}/en/11-our-law.md"] = own
    there = send(bruno, course_id, edited).response.headers["Location"]
    page = bruno.get(there)
    assert "“Introduction”: 1 passage new or changed A section" in page.text
    assert "A section of your own: “Our law”" in page.text
    assert "is hidden: its file is not there" in page.text
    assert overlays(app, course_id) == [{}]
    done = bruno.submit(there)
    assert "1 module was changed" in done.text
    [_, changes] = overlays(app, course_id)
    assert changes["hidden"] == ["tools"]
    assert changes["sections"]["introduction"]["text"][-1] == "And what *we* say."
    assert set(changes["added"]) == {f"c{course_id}-our-law"}
    with app.app_context(), app.test_request_context(), unit_of_work():
        made = publish_edition(db.session.get_one(Course, course_id), person_id=cast.bruno)
        pages = select(EditionSection.key, EditionSection.html).where(
            EditionSection.edition_id == made.id, EditionSection.html.is_not(None)
        )
        html = dict(db.session.execute(pages).all())
        assert "<em>we</em>" in html["introduction"]
        assert "Our law is this." in html[f"c{course_id}-our-law"]
    undo = place(course_id, "undo")
    bruno.submit(undo, done.form(undo))
    assert overlays(app, course_id)[-1] == {}
    # A second press is told that there is nothing to undo any more.
    bruno.post(undo, done.form(undo), 409)
    # Used once is used.
    bruno.post(there, status=404)


def test_a_changed_question_and_a_new_one_are_asked_in_the_next_edition(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    new = "- id: our-court\n  type: true-false\n  prompt: Our court sits in Lagos.\n  outcome: explain-basics\n  bloom: remember\n"
    new += "  choices:\n"
    new += "  - {id: 'true', correct: true, feedback: Right.}\n  - {id: 'false', feedback: 'No: Lagos.'}\n"

    def quiz(text: str) -> str:
        return text.replace("was shared by 300 customers", "was shared by 400 customers").rstrip("\n") + "\n" + new

    edited = changed(download(bruno, course_id), "quiz.yml", quiz)
    used(bruno, course_id, edited)
    changes = overlays(app, course_id)[-1]
    assert set(changes["items"]) == {"shared-address"}
    [added] = changes["added_items"]
    assert added["key"] == f"c{course_id}-our-court"
    with app.app_context(), app.test_request_context(), unit_of_work():
        made = publish_edition(db.session.get_one(Course, course_id), person_id=cast.bruno)
        ids = edition(made.id).module(SLUG).item_revision_ids
        items = pinned_items(ids)
        asked = {items[i].key: items[i].definition["html"]["en"]["prompt"] for i in ids}
        assert "400 customers" in asked["shared-address"]
        assert "Our court sits in Lagos." in asked[f"c{course_id}-our-court"]
    # The page that puts a question of a course right still reads what is there.
    assert "400 customers" in bruno.get(f"/teach/courses/{course_id}/quizzes/{SLUG}/items/shared-address").text
    # Down and up again changes nothing; the series' own words are no change.
    files = download(bruno, course_id)
    assert "Nothing would change" in bruno.get(send(bruno, course_id, files).response.headers["Location"]).text
    used(bruno, course_id, changed(files, "quiz.yml", lambda text: text.replace("400 customers", "300 customers")))
    assert "items" not in overlays(app, course_id)[-1]


def test_faults_are_said_at_their_line_and_change_nothing(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    files = download(bruno, course_id)
    name = named(files, "introduction")
    edited = changed(files, "introduction", lambda text: text + "\n<script>alert(1)</script>\n\nSee [it](section:nowhere).\n")
    edited = changed(edited, "conclusion", lambda text: text.replace("audience: everyone", "audience: nobody"))
    edited = changed(edited, "quiz.yml", lambda text: text.replace("type: true-false", "type: riddle", 1))
    page = send(bruno, course_id, edited, 422)
    last = edited[name].decode().count("\n")
    for words in (f"{name}:{last}", "section “nowhere”", "raw HTML is not allowed", named(files, "conclusion"), "“riddle” is none of"):
        assert words in page.text, words
    assert overlays(app, course_id) == [{}]
    with app.app_context():
        assert not db.session.scalar(select(func.count()).select_from(CourseUpload))


def test_a_fault_in_what_nobody_touched_holds_nothing_up(app: Flask, cast: Cast, browse, course_id: int) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        course = db.session.get_one(Course, course_id)
        changes = {"added": {"c1-old": {"head": _head(), "markdown": "See [it](section:nowhere).\n", "after": ""}}}
        module = adapted_module(course, SLUG)
        course_service.save_changes(visitor_of(cast.bruno), course, module, changes, seen=1)
    bruno = browse(cast.bruno)
    files = download(bruno, course_id)
    used(bruno, course_id, changed(files, "introduction", lambda text: text + "\nMine.\n"))
    assert overlays(app, course_id)[-1]["added"] == changes["added"]


def _head() -> dict[str, object]:
    return {"title": "Old", "kind": "key-issue", "audience": "everyone", "minutes": 5, "outcomes": [], "steps": [], "descriptions": {}}


def test_the_folder_of_another_course_is_refused(app: Flask, cast: Cast, browse, course_id: int) -> None:
    with app.app_context():
        others = courses()["Dora"]
    dora, bruno = browse(cast.dora), browse(cast.bruno)
    page = send(bruno, course_id, download(dora, others), 422)
    assert "This is the folder of another course: “Dora's class”" in page.text
    # Also a course of this number on another server.
    files = download(bruno, course_id)
    lines = [line if not line.startswith(b"made:") else b"made: '2020-01-01T00:00:00+00:00'" for line in files["course.yml"].split(b"\n")]
    send(bruno, course_id, {**files, "course.yml": b"\n".join(lines)}, 422)


def test_a_folder_that_was_made_from_older_changes_is_refused_and_nothing_is_lost(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    files = download(bruno, course_id)
    used(bruno, course_id, changed(files, "introduction", lambda text: text + "\nFirst.\n"))
    page = send(bruno, course_id, changed(files, "conclusion", lambda text: text + "\nSecond.\n"), 409)
    assert "The course was changed after this folder was downloaded" in page.text
    assert len(overlays(app, course_id)) == 2


def test_of_two_folders_that_were_looked_at_the_second_is_refused(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    files = download(bruno, course_id)
    one, two = (
        send(bruno, course_id, changed(files, key, lambda text: text + "\nMine.\n")).response.headers["Location"]
        for key in ("introduction", "conclusion")
    )
    bruno.submit(one)
    bruno.get(two, 409)
    bruno.post(two, status=409)
    assert len(overlays(app, course_id)) == 2


def _zip(files: Mapping[str, bytes], *, mode: int = 0o644) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = mode << 16
            archive.writestr(entry, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This is not a zip file"),
        (b"Hello", "This is not a zip file"),
        (b"PK\x03\x04" + b"\0" * 100, "This is not a zip file"),
        (_zip({"course.yml": b"x", "../../etc/passwd": b"x"}), "leads outside its folder"),
        (_zip({"course.yml": b"x", "/etc/passwd": b"x"}), "leads outside its folder"),
        (_zip({"course.yml": b"/etc/passwd"}, mode=0o120777), "a link to another file"),
        (_zip({"course.yml": b"x", "a.md": b" " * 50_000_000}), "too large"),
        (_zip({"course.yml": b"x"} | {f"{n}.md": b"" for n in range(3001)}), "more than 3,000 files"),
        (_zip({"readme.md": b"x"}), "course.yml is missing"),
        (_zip({"a/course.yml": b"x", "b/course.yml": b"x"}), "course.yml is missing"),
        (_zip({"course.yml": b"\xff\xfe"}), "course.yml cannot be read"),
        (_zip({"course.yml": b"{" * 5000}), "course.yml cannot be read"),
        (_zip({"course.yml": b"- a\n- b\n"}), "course.yml cannot be read"),
        (_zip({"course.yml": b"course: &a 1\nmade: *a\n"}), "course.yml cannot be read"),
    ],
)
def test_a_file_that_is_no_folder_or_not_harmless_is_refused_in_words(
    app: Flask, cast: Cast, browse, course_id: int, content: bytes, words: str
) -> None:
    assert words in send(browse(cast.bruno), course_id, content, 422).text
    assert overlays(app, course_id) == [{}]


def test_hostile_files_inside_a_folder_are_faults(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    files = download(bruno, course_id)
    name, quiz = named(files, "introduction"), f"{FOLDER}/en/quiz.yml"
    for path, content, words in (
        (name, b"\xff\xfe\x00", "is not UTF-8"),
        (name, b"No head at all.", "the file begins with a head"),
        (name, files[name] + b"x" * 210_000, "a text has at most 200 KB"),
        (name, files[name] + b"\x07", "U+0007 cannot be shown"),
        (quiz, b"items: " + b"[" * 20_000, "quiz.yml"),
        (quiz, b"title: &a x\ninstructions: *a\n", "quiz.yml"),
        (f"{FOLDER}/en/{name[-len(name) :].split('/')[-1][:2]}-other.md", files[name], "is taken by"),
        (f"{FOLDER}/en/01-quiz.md", files[name], "is reserved"),
    ):
        assert words in send(bruno, course_id, {**files, path: content}, 422).text, words
    assert overlays(app, course_id) == [{}]


def test_a_text_that_takes_too_long_is_refused(app: Flask, cast: Cast, browse, course_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    bruno = browse(cast.bruno)
    files = download(bruno, course_id)
    monkeypatch.setattr("elearn.adaptation.folder_look_queries.SECONDS", 0.2)
    monkeypatch.setattr("elearn.adaptation.folder_look_queries.read_both", endless)
    assert "took too long" in send(bruno, course_id, files, 422).text


def test_pictures_of_the_course_go_home_and_new_ones_are_not_taken_from_a_folder(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    send_picture(bruno, course_id, png(), "market.png")
    files = download(bruno, course_id)
    assert not [name for name in files if name.endswith("market.webp")]
    edited = changed(files, "introduction", lambda text: text + '\n![A market](media/market.webp "Ours")\n')
    edited[f"{FOLDER}/media/another.png"] = png()
    there = send(bruno, course_id, edited).response.headers["Location"]
    assert "another.png is a new picture" in bruno.get(there).text
    bruno.submit(there)
    assert f"{FOLDER}/media/market.webp" in download(bruno, course_id)
    missing = changed(download(bruno, course_id), "conclusion", lambda text: text + "\n![Another](media/another.png)\n")
    assert "media/another.png is missing" in send(bruno, course_id, missing, 422).text


def test_only_confirmed_professors_of_a_course_reach_its_folder(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    files = download(bruno, course_id)
    there = send(bruno, course_id, changed(files, "introduction", lambda t: t + "\nMine.\n")).response.headers["Location"]
    for person in (cast.dora, cast.ana, cast.carla, cast.edda, cast.gita):
        browser = browse(person)
        browser.get(place(course_id), 404)
        browser.post(place(course_id, "download"), status=404)
        send(browser, course_id, files, 404)
        browser.get(there, 404)
        browser.post(there, status=404)
        browser.post(place(course_id, "undo"), {"states": f"{SLUG}:1"}, 404)
    with app.app_context():
        others, gitas = courses()["Dora"], courses()["Gita"]
    # Through a course of her own, somebody else's file is not found either.
    browse(cast.dora).get(there.replace(f"/{course_id}/", f"/{others}/"), 404)
    browse(cast.gita).get(place(gitas), 403)
    browse(cast.gita).post(place(gitas, "download"), status=403)
    bruno.submit(there)


def test_a_folder_waits_a_day_and_is_the_sender_s_own_data(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    files = download(bruno, course_id)
    there = send(bruno, course_id, files).response.headers["Location"]
    with app.app_context():
        [line] = list(own_data.export_of(cast.bruno)["course_uploads"])
        assert line["name"] == "course.zip"
    bruno.get(there)
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        browse(cast.bruno).get(there, 404)
        send(browse(cast.bruno), course_id, files)
    with app.app_context():
        assert [upload.content is None for upload in db.session.scalars(select(CourseUpload).order_by(CourseUpload.id))] == [True, False]
        with unit_of_work():
            own_data.forget(cast.bruno)
        assert [(u.content, u.name) for u in db.session.scalars(select(CourseUpload))] == [(None, "")] * 2


def test_folders_are_throttled(cast: Cast, browse, course_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elearn.adaptation.folder_views.UPLOADS_PER_PERSON", 1)
    bruno = browse(cast.bruno)
    with time_machine.travel(clock.now(), tick=False):
        files = download(bruno, course_id)
        send(bruno, course_id, files, 429)


def test_undo_of_what_never_was_is_refused(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    bruno.post(place(course_id, "undo"), {"states": f"{SLUG}:1"}, 409)
    bruno.post(place(course_id, "undo"), {"states": "no-such-module:7"}, 409)
    bruno.submit(place(course_id, "undo"), {"states": f"{SLUG}:99999999999 nonsense ::"})
    assert overlays(app, course_id) == [{}]
    with app.app_context():
        assert len(adapted_modules(db.session.get_one(Course, course_id))) == 1
