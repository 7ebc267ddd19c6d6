"""Debian's Chromium, driven through its path."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.graph.trace_export.recorded import team_trace


# Of a module, not of the session: while it is open this thread has a running event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("chromium is not installed: run make test-deps")
    with sync_playwright() as playwright:
        # Its sandbox does not start as root, and what it opens here is ours.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


class Looked(list[str]):
    """What a page complained of, or asked of the network."""


@pytest.fixture
def complaints() -> Looked:
    return Looked()


@pytest.fixture
def page(browser: Browser, complaints: Looked) -> Iterator[Page]:
    """A page that must not complain, open a dialog or ask anything but the file it is."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("console", lambda message: complaints.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))

    def asked(url: str) -> None:
        if not url.startswith("file:///"):
            complaints.append(f"asked {url}")

    page.on("request", lambda request: asked(request.url))
    page.set_default_timeout(10_000)
    yield page
    page.close()


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return team_trace(tmp_path / "run")
