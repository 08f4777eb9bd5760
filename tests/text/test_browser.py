"""What leaves the door harms nothing in a real browser, even without a content security policy."""

import pytest

from elearn import text
from tests.data.hostile import HTML, MARKDOWN

pytestmark = pytest.mark.browser

WATCH = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = (...given) => window.ran.push([name, String(given)]);
"""


def test_nothing_of_the_hostile_corpus_runs_in_chromium(page):
    dialogs, requests, errors = [], [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    cleaned = [text.clean(html) for html in HTML] + [text.render_markdown(markdown) for markdown in MARKDOWN]
    body = "\n".join(f"<div class=case>{one}</div>" for one in cleaned)
    page.route("**/*", lambda route: route.fulfill(body=f"<!doctype html><title>a</title><script>{WATCH}</script>{body}", content_type="text/html"))
    page.goto("http://hostile.example/")
    found = page.evaluate("""() => {
        const elements = [...document.querySelectorAll(".case, .case *")];
        const links = [...document.querySelectorAll("a[href]")];
        document.addEventListener("click", (event) => { if (!/^javascript:/i.test(event.target.href || "")) event.preventDefault(); }, true);
        for (const element of elements) element.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
        links.forEach((link) => link.click());
        return {
            cases: document.querySelectorAll(".case").length,
            links: links.length,
            handlers: elements.flatMap((e) => e.getAttributeNames()).filter((name) => name.startsWith("on") || name === "style"),
            programs: links.map((a) => a.protocol).filter((protocol) => !["http:", "https:", "mailto:"].includes(protocol)),
            strangers: elements.map((e) => e.localName).filter((n) => ["script", "style", "iframe", "object", "embed", "form", "svg", "math"].includes(n)),
        };
    }""")
    page.wait_for_timeout(200)
    assert found["cases"] == len(cleaned)
    assert found["links"] > 20
    assert found["handlers"] == []
    assert found["programs"] == []
    assert found["strangers"] == []
    assert page.evaluate("window.ran") == []
    assert (dialogs, errors) == ([], [])
    assert requests == ["http://hostile.example/"], "a text made the browser fetch something"
