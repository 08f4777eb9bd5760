import pytest


@pytest.fixture
def page():
    """A page in Debian's Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (only a browser test needs it)

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        yield browser.new_page()
        browser.close()
