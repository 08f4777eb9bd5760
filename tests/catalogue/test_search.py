"""Searching: what is found and in which order, on every database; what is for teachers or in a quiz stays where it is."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from elearn.accounts.queries import visitor_signed_in
from elearn.catalogue import renewal, search_queries, search_service, service
from elearn.catalogue.models import ItemRevision, SearchEntry, Section
from elearn.catalogue.search_question import LONGEST_QUESTION, read_question
from elearn.db import counted_statements, db, unit_of_work
from tests.cast import Cast
from tests.catalogue import small
from tests.reader import Browser, Page, text_of
from tests.test_words import HOSTILE

NEXT = ("01-first/module.yml", "version: 1.0.0\nchanges:", "version: 1.1.0\nchanges:\n  1.1.0: More.")
NEXT_FR = ("01-first/fr/module.md", "translates: 1.0.0", "translates: 1.1.0")
CANARY = "xylocanary"
QUIZ_CANARY = "quizcanary"


def publish(app: Flask, *changes) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        service.publish(small.read(*changes))


def urls(page: Page) -> list[str]:
    return [a.get("href", "") for h3 in page.all("h3", class_="result-name") for a in h3.iter("a")]


def found(app: Flask, typed: str, **more) -> list[str]:
    return urls(Browser.of(app, None).get("/search", query_string={"q": typed, **more}))


@pytest.fixture
def small_app(empty_app: Flask) -> Flask:
    publish(empty_app)
    return empty_app


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("estonia attacks", None),
        ("bit", "/glossary/bit"),
        ("servers recovered", "/modules/first/one"),
        ("SERVÉRS", "/modules/first/one"),
        ('"were slow"', "/modules/first/one"),
        ("first module", "/modules/first/"),
        ("recov", "/modules/first/one"),
        ("premier module", "/fr/modules/first/"),
    ],
)
def test_what_is_wanted_comes_first(small_app: Flask, typed: str, first: str | None) -> None:
    results = found(small_app, typed)
    if first:
        assert results[0] == first


@pytest.mark.parametrize("typed", ['"slow were"', "servers nowhere", "recover2", '"attacks data"', '"one data"', "serv recovered"])
def test_what_does_not_stand_there_is_not_found(small_app: Flask, typed: str) -> None:
    page = Browser.of(small_app, None).get("/search", query_string={"q": typed})
    assert "1 result" not in page.text
    assert "Nothing has all of these words" in page.text or "Nothing found" in page.text


def test_no_phrase_runs_from_the_title_into_the_text(small_app: Flask) -> None:
    assert found(small_app, '"one data"', kind="section") == []
    assert found(small_app, '"data a bit"', kind="section") == ["/modules/first/one"]


def test_where_nothing_has_all_the_words_some_are_offered(small_app: Flask) -> None:
    page = Browser.of(small_app, None).get("/search?q=servers+zebra")
    assert urls(page) == ["/modules/first/one"]
    assert "Nothing has all of these words" in page.text


def test_a_result_says_where_it_stands_and_marks_what_was_wanted(small_app: Flask) -> None:
    page = Browser.of(small_app, None).get("/search?q=servers")
    assert "The first module" in text_of(page.all("li", class_="result-found")[0])
    assert [text_of(mark) for mark in page.root.iter("mark")] == ["Servers"]
    assert "1 result" in page.text


def test_kinds_and_languages_narrow_it_by_the_address(small_app: Flask) -> None:
    everything = found(small_app, "bit")
    assert {"/glossary/bit", "/modules/first/one", "/fr/modules/first/one"} <= set(everything)
    assert found(small_app, "bit", kind="term") == ["/glossary/bit"]
    assert found(small_app, "bit", language="fr") == ["/fr/modules/first/one"]
    assert found(small_app, "bit", kind="nonsense", language="xx") == everything


def test_the_readers_language_comes_first(small_app: Flask) -> None:
    reader = Browser.of(small_app, None)
    french = urls(reader.get("/search", query_string={"q": "bit"}, headers={"Accept-Language": "fr"}))
    english = urls(reader.get("/search", query_string={"q": "bit"}, headers={"Accept-Language": "en"}))
    assert french[0] == "/fr/modules/first/one"
    assert english[-1] == "/fr/modules/first/one"
    assert sorted(french) == sorted(english)


def test_accents_scripts_and_chinese_are_found_alike(empty_app: Flask) -> None:
    words = "Les Ėtats. Преступление Ёлка. جَرِيمَةٌ. 网络犯罪是犯罪。 Straße."
    publish(empty_app, ("01-first/en/10-one.md", "Servers were slow.", f"Servers were slow. {words}"))
    for typed in ("etats", "елка", "جريمة", "جريمه", "网络", "犯罪", '"网络犯罪"', "strasse", "преступ"):
        assert found(empty_app, typed) == ["/modules/first/one"], typed
    assert found(empty_app, "络网") == []


def test_the_index_follows_each_release(small_app: Flask) -> None:
    publish(small_app, NEXT, NEXT_FR, ("01-first/en/10-one.md", "Servers were slow.", "Computers were quick."))
    assert found(small_app, "servers") == []
    assert found(small_app, "quick") == ["/modules/first/one"]
    with small_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SearchEntry)) == 7


def test_only_what_changed_is_made_again(small_app: Flask) -> None:
    with small_app.app_context(), unit_of_work():
        assert search_service.renew() == 0
        section = db.session.scalars(select(Section).where(Section.key == "one", Section.language == "en")).one()
        section.text += "\nAnd a zebra."
        assert search_service.renew() == 2, "the old entry went, the new one came"
    assert found(small_app, "zebra") == ["/modules/first/one"]


def test_rendering_again_brings_the_index_into_step(small_app: Flask) -> None:
    with small_app.app_context(), unit_of_work():
        db.session.execute(SearchEntry.__table__.delete())
    assert found(small_app, "servers") == []
    with small_app.app_context(), unit_of_work():
        list(renewal.rerender())
    assert found(small_app, "servers") == ["/modules/first/one"]


def test_the_upgrade_that_brought_search_is_made_up_for_by_the_next_publication(small_app: Flask) -> None:
    with small_app.app_context(), unit_of_work():
        db.session.execute(SearchEntry.__table__.delete())
    publish(small_app)
    assert found(small_app, "servers") == ["/modules/first/one"]


def test_the_index_of_the_database_holds_what_its_table_does(small_app: Flask) -> None:
    publish(small_app, NEXT, NEXT_FR, ("01-first/en/10-one.md", "Servers were slow.", "Computers were quick."))
    with small_app.app_context():
        if db.engine.dialect.name == "sqlite":
            with unit_of_work():
                db.session.execute(text("INSERT INTO search_index(search_index, rank) VALUES ('integrity-check', 1)"))
                db.session.execute(text("INSERT INTO search_index_open(search_index_open) VALUES ('integrity-check')"))
            for index, entries in (("search_index", "search_entry"), ("search_index_open", "search_entry where audience = 'everyone'")):
                indexed = db.session.scalar(text(f"SELECT count(*) FROM {index}_docsize"))
                assert indexed == db.session.scalar(text(f"SELECT count(*) FROM {entries}"))
        else:
            count = db.session.scalar(text("SELECT count(*) FROM search_index"))
            assert count == db.session.scalar(select(func.count()).select_from(SearchEntry))


@pytest.fixture
def canaries(app: Flask) -> None:
    """A word that stands in every section for teachers, and another that stands in every question."""
    with app.app_context(), unit_of_work():
        for section in db.session.scalars(select(Section).where(Section.audience == "teacher")):
            section.text += f"\nThe key says {CANARY}."
            section.title = f"{section.title} {CANARY}"
        for item in db.session.scalars(select(ItemRevision)):
            item.definition = item.definition | {"feedback": QUIZ_CANARY, "prompt": QUIZ_CANARY}
        search_service.renew()


SEE_KEYS = ("Bruno", "Carla", "Dora", "Faisal", "Edda", "Rosa", "Root")
SEE_NONE = (None, "Ana", "Emil", "Gita", "Hugo")


@pytest.mark.usefixtures("canaries")
@pytest.mark.parametrize("name", [*SEE_KEYS, *SEE_NONE])
def test_answer_keys_are_found_by_those_who_may_read_them_and_nobody_else(app: Flask, browse, cast: Cast, name: str | None) -> None:
    reader = browse(cast.people[name] if name else None)
    for typed in (CANARY, CANARY[:6], f'"says {CANARY}"', f"{CANARY} cybercrime", f"{CANARY} zebra"):
        page = reader.get("/search", query_string={"q": typed})
        leads = [url for url in urls(page) if url.endswith(("marking-guide", "exercise-answers"))]
        if name in SEE_KEYS:
            assert leads, typed
            reader.get(leads[0])
        else:
            assert not leads, typed
            assert page.text.count(CANARY) == 0 or CANARY not in " ".join(text_of(li) for li in page.all("li", class_="result-found"))
    if name not in SEE_KEYS:
        page = reader.get("/search", query_string={"q": CANARY})
        other = reader.get("/search", query_string={"q": "xylonothing"})
        assert page.text.replace(CANARY, "") == other.text.replace("xylonothing", ""), "a word of the key looks like one that is nowhere"


@pytest.mark.usefixtures("canaries")
@pytest.mark.parametrize("name", [*SEE_KEYS, *SEE_NONE])
def test_questions_and_their_answers_are_not_found_by_anybody(app: Flask, browse, cast: Cast, name: str | None) -> None:
    page = browse(cast.people[name] if name else None).get("/search", query_string={"q": QUIZ_CANARY})
    assert urls(page) == []


@pytest.mark.usefixtures("canaries")
def test_a_role_that_waits_for_its_second_factor_finds_no_answer_keys(app: Flask, cast: Cast) -> None:
    assert urls(Browser.of(app, cast.edda, second_factor=True).get(f"/search?q={CANARY}"))
    assert not urls(Browser.of(app, cast.edda, second_factor=False).get(f"/search?q={CANARY}"))


@pytest.mark.usefixtures("canaries")
def test_counts_and_pages_tell_nothing_of_answer_keys(app: Flask) -> None:
    with app.app_context():
        for with_keys, wanted in ((False, 0), (True, 1)):
            search = search_queries.Search(read_question(CANARY), "en", with_teacher_sections=with_keys)
            assert (search_queries.count_of_results(search) > 0) == bool(wanted)
            assert (len(search_queries.results(search, 0)) > 0) == bool(wanted)
            assert (len(search_queries.results_with_some(search)) > 0) == bool(wanted)


def test_the_order_of_what_is_found_does_not_depend_on_answer_keys(empty_app: Flask) -> None:
    """How often a word occurs in sections for teachers must not weigh in what others find: the order would tell."""

    def section(words: str) -> str:
        return f"---\ntitle: Same\nkind: tools\naudience: everyone\nminutes: 5\n---\n{words}\n"

    first, second = section("yak zebu zebu zebu"), section("yak yak yak zebu")
    publish(empty_app, ("01-first/en/30-aa.md", None, first), ("01-first/en/40-bb.md", None, second))
    in_order = ["/modules/first/aa", "/modules/first/bb"]
    assert found(empty_app, "yak zebu") == in_order
    with empty_app.app_context(), unit_of_work():
        key = db.session.scalars(select(Section).where(Section.audience == "teacher")).one()
        key.text = "zebu"
        assert search_service.renew()
    assert found(empty_app, "yak zebu") == in_order


def test_results_come_ten_a_page_and_each_once(app: Flask) -> None:
    reader = Browser.of(app, None)
    seen: list[str] = []
    page = reader.get("/search?q=cybercrime")
    total = int(next(text_of(h2) for h2 in page.all("h2", class_="results-count")).split()[0])
    assert total > 10
    for number in range(1, -(-total // 10) + 1):
        seen += urls(reader.get(f"/search?q=cybercrime&page={number}"))
    assert len(seen) == len(set(seen)) == total
    assert urls(reader.get("/search?q=cybercrime&page=999999")) == seen[(total - 1) // 10 * 10 :]
    assert urls(reader.get("/search?q=cybercrime&page=-1")) == seen[:10]


def test_a_page_takes_two_statements_at_most(app: Flask, browse, cast: Cast) -> None:
    reader = browse(None)
    reader.get("/search?q=warm")
    for typed in ("cybercrime", "crime law victims police", "cybercrime zebra", "zebra", "🦑", ""):
        with counted_statements() as ran:
            reader.get("/search", query_string={"q": typed})
        assert len([statement for statement in ran if "max(" not in statement]) <= 2, ran


def test_a_near_miss_leads_to_the_term(app: Flask) -> None:
    page = Browser.of(app, None).get("/search?q=attribusion")
    assert page.links()["attribution"] == "/search?q=attribution"
    assert "/modules/" in page.links().values()


def test_the_field_stands_on_its_page_and_on_the_modules_page(app: Flask) -> None:
    reader = Browser.of(app, None)
    for path in ("/search", "/modules/"):
        assert "q" in reader.get(path).form("/search")
    assert reader.get("/search", query_string={"q": "<b>&"}).form("/search")["q"] == "<b>&"


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_questions_are_answered(app: Flask, typed: str) -> None:
    page = Browser.of(app, None).get("/search", query_string={"q": typed, "page": typed, "kind": typed, "language": typed})
    assert page.heading == "Search"
    assert len(page.form("/search")["q"]) <= LONGEST_QUESTION


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=250), st.text(st.sampled_from("\"'*()&|!:<>-^~ abANDORNEAR网é\\%_"), max_size=60)))
def test_no_question_breaks_the_database(context: Flask, typed: str) -> None:
    question = read_question(typed.replace("\x00", ""))
    if question.parts:
        search = search_queries.Search(question, "en", with_teacher_sections=True)
        total = search_queries.count_of_results(search)
        assert len(search_queries.results(search, 0)) == min(total, 10)
        assert len(search_queries.results_with_some(search)) >= min(total, 1)
    assert visitor_signed_in("nobody") is None, "the transaction still works"


def test_an_installation_without_a_series_says_so_kindly(empty_app: Flask) -> None:
    page = Browser.of(empty_app, None).get("/search?q=botnet")
    assert "Nothing found" in page.text
