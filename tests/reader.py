"""A browser for tests: it keeps a session, fills in forms, and reads every page it is given like an editor."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from elearn.accounts import service
from elearn.accounts.models import Person
from elearn.db import db, unit_of_work

RAW_TOKEN = "the token of every test's session"
CONTROLS = {"input", "select", "textarea"}


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@dataclass
class Page:
    """A page that was fetched, parsed and found to be sound."""

    response: TestResponse
    root: Element

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        body = self.root.find(".//body")
        return text_of(body) if body is not None else ""

    @property
    def heading(self) -> str:
        return text_of(self.root.find(".//h1"))

    def links(self) -> dict[str, str]:
        return {text_of(a): a.get("href", "") for a in self.root.iter("a")}

    def all(self, tag: str, **attributes: str) -> list[Element]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            e
            for e in self.root.iter(tag)
            if all(value in e.get(name, "").split() or e.get(name) == value for name, value in wanted.items())
        ]

    def form(self, action: str) -> dict[str, str]:
        """Return the fields of the form that goes to ``action``, as a browser would send them untouched."""
        for form in self.root.iter("form"):
            if form.get("action", "") == action or (not form.get("action") and action == ""):
                # A control elsewhere on the page may belong to it, too.
                others = [e for e in self.root.iter() if form.get("id") and e.get("form") == form.get("id")]
                return _fields(form, others)
        raise AssertionError(f"no form to {action}")


def _fields(form: Element, others: Sequence[Element] = ()) -> dict[str, str]:
    fields = {}
    for e in (*form.iter(), *others):
        name = e.get("name")
        if e.tag not in CONTROLS or not name or e.get("type") in {"submit", "button"}:
            continue
        if e.get("type") in {"checkbox", "radio"} and e.get("checked") is None:
            continue
        if e.tag == "select":
            chosen = [o for o in e.iter("option") if o.get("selected") is not None] or list(e.iter("option"))[:1]
            fields[name] = chosen[0].get("value", "") if chosen else ""
        else:
            fields[name] = text_of(e) if e.tag == "textarea" else e.get("value", "on" if e.get("type") == "checkbox" else "")
    return fields


def read(body: str) -> Element:
    """Return the parsed page; fail where its markup is not what we promise."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    root = parser.parse(body)
    faults = [(position, code) for position, code, _ in parser.errors]
    assert not faults, f"not valid HTML: {faults[:5]}"
    assert root.get("lang"), "a page has a language"
    assert root.get("dir") in {"ltr", "rtl"}, "a page has a direction"
    headings = list(root.iter("h1"))
    assert len(headings) == 1, f"a page has one h1, not {len(headings)}"
    title = text_of(root.find(".//title"))
    assert title, "a page has a title"
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids)), f"ids stand twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    _check_labels(root, set(ids))
    for element in root.iter():
        assert not any(name.startswith("on") or name == "style" for name in element.attrib), f"inline script or style on {element.tag}"
    return root


def _check_labels(root: Element, ids: set[str]) -> None:
    labelled = {label.get("for") for label in root.iter("label")}
    inside = {id(e) for label in root.iter("label") for e in label.iter()}
    for e in root.iter():
        if e.tag in CONTROLS and e.get("type") not in {"hidden", "submit", "button"}:
            named = e.get("id") in labelled or id(e) in inside or e.get("aria-label") or e.get("aria-labelledby")
            assert named, f"no label for {e.get('name')}"
        for attribute in ("aria-describedby", "aria-labelledby"):
            missing = set(e.get(attribute, "").split()) - ids
            assert not missing, f"{attribute} points at nothing: {missing}"
        if e.tag == "img":
            assert e.get("alt") is not None, "a picture has a text"


class Browser:
    """Somebody's browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    @classmethod
    def of(cls, app: Flask, person_id: int | None, *, second_factor: bool = True) -> "Browser":
        """Return a browser in which this person is signed in, with their second factor shown; None: nobody is."""
        browser = cls(app)
        if person_id is not None:
            with app.app_context(), unit_of_work():
                person = db.session.get_one(Person, person_id)
                token = service.begin_sign_in(person, user_agent="tests", remember=False, second_factor=second_factor).token
            with browser.client.session_transaction() as session:
                session["_user_id"] = token
                session["_fresh"] = True
                session["csrf_token"] = RAW_TOKEN
        return browser

    @property
    def csrf_token(self) -> str:
        """Return a token that this session's forms would carry."""
        with self.client.session_transaction() as session:
            session.setdefault("csrf_token", RAW_TOKEN)
            raw = session["csrf_token"]
        return URLSafeTimedSerializer(self.app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)

    def get(self, path: str, status: int = 200, **options: object) -> Page:
        """Return the page at ``path``, which answers with ``status``; redirects are followed when it is 200."""
        response = self.client.get(path, follow_redirects=status == 200, **options)
        return self._page(response, status)

    def post(self, path: str, fields: dict[str, object] | None = None, status: int = 303, *, token: bool = True) -> Page:
        """Send ``fields`` to ``path`` and return the answer, which has ``status``."""
        sent = dict(fields or {})
        if token:
            sent["csrf_token"] = self.csrf_token
        return self._page(self.client.post(path, data=sent), status)

    def submit(self, path: str, fields: dict[str, object] | None = None) -> Page:
        """Send ``fields`` to ``path``, which accepts them, and return the page that it leads to."""
        page = self.post(path, fields)
        return self.get(page.response.headers["Location"])

    def _page(self, response: TestResponse, status: int) -> Page:
        body = response.get_data(as_text=True)
        assert response.status_code == status, f"{response.request.path}: {response.status_code}, not {status}: {body[:2000]}"
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            return Page(response, read(body))
        return Page(response, Element("none"))
