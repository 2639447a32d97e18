from __future__ import annotations

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_the_page_opens(page: Page) -> None:
    page.goto("/")
    assert page.title() == "qomscope"
