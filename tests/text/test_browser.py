"""What leaves the door harms nothing in a real browser, even without a content security policy."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import sync_playwright

from elearn import text
from tests.data.hostile import HTML, MARKDOWN

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("ELEARN_TEST_CHROMIUM", "/usr/bin/chromium")

WATCH = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = (...given) => window.ran.push([name, String(given)]);
"""


def looked_at(body):
    """What a browser makes of ``body``, after hovering over everything and clicking every link."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--no-first-run"])
        try:
            return what_happens(browser.new_page(), body)
        finally:
            browser.close()


def what_happens(page, body):
    dialogs, requests, errors = [], [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route(
        "**/*", lambda route: route.fulfill(body=f"<!doctype html><title>a</title><script>{WATCH}</script>{body}", content_type="text/html")
    )
    page.goto("http://hostile.example/")
    found = page.evaluate("""() => {
        const elements = [...document.querySelectorAll(".case, .case *")];
        const strangers = ["script", "style", "iframe", "object", "embed", "form", "svg", "math"];
        const links = [...document.querySelectorAll("a[href]")];
        const stay = (event) => { if (!/^javascript:/i.test(event.target.href || "")) event.preventDefault(); };
        document.addEventListener("click", stay, true);
        for (const element of elements) element.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
        links.forEach((link) => link.click());
        return {
            cases: document.querySelectorAll(".case").length,
            links: links.length,
            handlers: elements.flatMap((e) => e.getAttributeNames()).filter((name) => name.startsWith("on") || name === "style"),
            programs: links.map((a) => a.protocol).filter((protocol) => !["http:", "https:", "mailto:"].includes(protocol)),
            strangers: elements.map((e) => e.localName).filter((name) => strangers.includes(name)),
        };
    }""")
    page.wait_for_timeout(200)
    return found | {"ran": page.evaluate("window.ran"), "dialogs": dialogs, "errors": errors, "requests": requests}


def test_nothing_of_the_hostile_corpus_runs_in_chromium():
    cleaned = [text.clean(html) for html in HTML] + [text.render_markdown(markdown) for markdown in MARKDOWN]
    # In a thread of its own: the browser of other tests may be running in this one.
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(looked_at, "\n".join(f"<div class=case>{one}</div>" for one in cleaned)).result()
    assert found["cases"] == len(cleaned)
    assert found["links"] > 20
    assert found["handlers"] == []
    assert found["programs"] == []
    assert found["strangers"] == []
    assert found["ran"] == []
    assert (found["dialogs"], found["errors"]) == ([], [])
    assert found["requests"] == ["http://hostile.example/"], "a text made the browser fetch something"
