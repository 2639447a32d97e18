"""A real Chromium on the real application. Whatever goes wrong inside the page fails the test that it happened in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from installed import CHROMIUM
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A visitor of the application, with nothing kept from earlier ones, who writes to the clipboard."""
    context = browser.new_context(base_url=f"http://{site}", viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, site: str) -> Iterator[Page]:
    """An empty page. Fails the test on an error in it, and on a request to anywhere but the application."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"error in the page: {error}"))
    page.on("console", lambda message: wrong.append(f"console: {message.text}") if message.type in ("error", "warning") else None)
    page.on("request", lambda request: None if _own(request.url, site) else wrong.append(f"request to {request.url}"))
    yield page
    page.close()
    assert wrong == []


def _own(url: str, site: str) -> bool:
    return url.startswith((f"http://{site}/", f"ws://{site}/", "data:", "blob:"))
