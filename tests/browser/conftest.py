"""A real Chromium before a real server."""

import hashlib
import os
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from tests.applications import SECRET, retire
from tests.cast import PASSWORD, address, code_of, recovery_code_of

CHROMIUM = os.environ.get("ELEARN_TEST_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
#: WCAG 2.2 AA and what axe calls best practice.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}

#: The page with what its controls hold and which of its parts are open, and the screen it stands on.
STANDING = """() => [document.documentElement.outerHTML
  + JSON.stringify([...document.querySelectorAll("input, select, textarea, details, dialog")]
    .map(e => [e.value?.length > 0, e.checked, e.open, e.disabled, e.hidden])),
  [innerWidth, document.dir, matchMedia("(prefers-color-scheme: dark)").matches, matchMedia("(forced-colors: active)").matches].join()]"""
DRAWN_ANEW = re.compile(r'(?<=value=")[\w.-]{40,}(?=")|(?<=name="once" )[^>]*|data-account="[^"]*"')
#: Pages that axe found sound in this process: the same one is not looked at again.
LOOKED_AT: set[tuple[str, ...]] = set()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


class Doorkeeper:
    """Lets requests in to an application, and lets nobody in any more once it is closed: the next test is lent the same application."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.inside = 0
        self.is_shut = False
        self.door = threading.Condition()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        with self.door:
            if self.is_shut:
                start_response("503 Service Unavailable", [])
                return []
            self.inside += 1
        try:
            # What is sent after this was made; a download, which is not, is read to its end by the test that asks for it.
            return self.app(environ, start_response)
        finally:
            with self.door:
                self.inside -= 1
                self.door.notify_all()

    def close(self) -> None:
        """Return when nobody is inside."""
        with self.door:
            self.is_shut = True
            if not self.door.wait_for(lambda: self.inside == 0, timeout=10):
                retire(self.app)


@pytest.fixture
def address_of_site(app: Flask) -> Iterator[str]:
    """Serve the application on a port of this machine."""
    doorkeeper = Doorkeeper(app)
    server = make_server("127.0.0.1", 0, doorkeeper, threaded=True)
    app.config["BASE_URL"] = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app.config["BASE_URL"]
    server.shutdown()
    thread.join()
    server.server_close()
    doorkeeper.close()


@dataclass
class Walker:
    """Somebody who walks through pages; every page that is looked at is checked."""

    page: Page
    site: str
    script: bool
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    #: How often whose second factor was shown, in all browsers of a test.
    shown: Counter[str] = field(default_factory=Counter)

    def listen(self) -> "Walker":
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("request", lambda r: None if r.url.startswith((self.site, "data:")) else self.strangers.append(r.url))
        return self

    def go(self, path: str) -> "Walker":
        self.page.goto(path if path.startswith("http") else self.site + path)
        return self.look()

    def press(self, name: str, role: str = "button") -> "Walker":
        """Press the button (or link) of this name and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=True).first.click()
        return self.look()

    def look(self) -> "Walker":
        """Check the page: accessible, no wider than the screen, nothing from elsewhere, no complaint of the browser."""
        if self.script and (seen := self._seen()) not in LOOKED_AT:
            self.page.evaluate(AXE)
            found = self.page.evaluate("rules => axe.run(document, rules)", RULES)
            faults = [f"{v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0]['failureSummary']}" for v in found["violations"]]
            assert not faults, f"{self.page.url}: {faults}"
            LOOKED_AT.add(seen)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px wider than the screen"
        assert not self.complaints, f"{self.page.url}: {self.complaints}"
        assert not self.strangers, f"{self.page.url} asks elsewhere: {self.strangers}"
        return self

    def _seen(self) -> tuple[str, ...]:
        """Return what tells this page, as the browser has it, from every other: its elements, states, size and colours."""
        html, media = self.page.evaluate(STANDING)
        # What is drawn anew for each page says nothing to whoever cannot see it.
        return hashlib.sha256(DRAWN_ANEW.sub("", html).encode()).hexdigest(), media

    def sign_in(self, name: str) -> "Walker":
        self.go("/sign-in")
        self.page.get_by_label("E-mail address or sign-in name").fill(address(name))
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Sign in")
        if self.page.url.endswith("/sign-in/code"):
            self.show_second_factor(name)
        return self

    def show_second_factor(self, name: str) -> "Walker":
        """Type what the authenticator shows; once in a test, since no code works twice: later, a recovery code."""
        number, self.shown[name] = self.shown[name], self.shown[name] + 1
        self.page.get_by_label("Code").fill(code_of(name, SECRET) if number == 0 else recovery_code_of(name, number))
        return self.press("Sign in")

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()


@pytest.fixture
def walk(chromium: Browser, address_of_site: str):
    """Return a function that gives somebody a browser of a width, with JavaScript or without."""
    contexts = []
    shown: Counter[str] = Counter()

    def begin(*, width: int = 1280, script: bool = True, **options: object) -> Walker:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            locale="en",
            **options,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Walker(context.new_page(), address_of_site, script, shown=shown).listen()

    yield begin
    for context in contexts:
        context.close()
