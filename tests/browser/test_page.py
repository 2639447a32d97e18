"""The page as a whole: every pane's pictures, both languages, bad input, a connection that breaks. Stepping has its own file."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

pytestmark = pytest.mark.browser

DONE = "() => window.qomscope?.run && window.qomscope.connection.state === 'done'"
PATIENCE = 90_000
LAYOUTS = {"overview": "calls", "types": "types", "realize": "overrides", "config": "config", "objects": "objects"}
"""A layout that shows each of the panes that can be saved."""


def opened(page: Page) -> Page:
    page.goto("/")
    page.wait_for_function(DONE, timeout=PATIENCE, polling=100)
    return page


def at(page: Page) -> int:
    place: int = page.evaluate("() => window.qomscope.at")
    return place


def run(page: Page, argv: str) -> None:
    page.fill("#argv", argv)
    page.keyboard.press("Control+Enter")
    page.wait_for_function("(argv) => window.qomscope.argv === argv", arg=argv)


def test_the_way_back_is_the_way_there(page: Page) -> None:
    opened(page)
    for level in "1234":
        page.keyboard.press(level)
        page.keyboard.press("Home")
        there, back = [], []
        for _ in range(8):
            there.append(at(page))
            page.keyboard.press("ArrowRight")
        for _ in range(8):
            page.keyboard.press("ArrowLeft")
            back.append(at(page))
        assert back == there[::-1], f"level {level}"


def test_every_pane_is_saved_as_svg_and_png(page: Page, tmp_path: Path) -> None:
    opened(page)
    for layout, view in LAYOUTS.items():
        page.evaluate("(layout) => { window.qomscope.layout = layout; window.qomscope.changed(); }", layout)
        pane = page.locator(f'[data-view="{view}"]')
        for label, suffix in (("SVG", "svg"), ("PNG 1×", "png")):
            pane.locator("details.save > summary").click()
            with page.expect_download() as download:
                pane.get_by_role("button", name=label, exact=True).click()
            file = tmp_path / f"{view}.{suffix}"
            download.value.save_as(file)
            if suffix == "svg":
                assert ET.parse(file).getroot().tag == "{http://www.w3.org/2000/svg}svg"
            else:
                assert file.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
                assert file.stat().st_size > 1000


def test_both_languages_are_there(page: Page) -> None:
    opened(page)
    english = page.locator("body").inner_text()
    page.keyboard.press("l")
    page.wait_for_function("() => document.documentElement.lang === 'zh-Hans'")
    chinese = page.locator("body").inner_text()
    assert not any("\u4e00" <= char <= "\u9fff" for char in english.replace("中文", ""))
    assert any("\u4e00" <= char <= "\u9fff" for char in chinese)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("-nodefaults -M pc -device 'virtio", "never closed"),
        ("x" * 70_000, "more than 65536"),
    ],
    ids=["quotation mark", "too long"],
)
def test_a_command_line_that_cannot_be_run_is_told(page: Page, argv: str, said: str) -> None:
    opened(page)
    run(page, argv)
    expect(page.locator("#page")).to_contain_text(said)


def test_a_dropped_connection_is_taken_up_again(page: Page) -> None:
    """The first connection is cut in the middle of the stream; nothing is lost and nothing comes twice."""
    cut: list[int] = []

    def through(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        sent = 0

        def on_message(message: str | bytes) -> None:
            nonlocal sent
            sent += 1
            if not cut and sent == 4:
                cut.append(json.loads(message)["from"])
                route.close(code=1011)
                server.close(code=1000)
            else:
                route.send(message)

        server.on_message(on_message)

    page.route_web_socket("**/ws", through)
    opened(page)
    assert cut
    total: int = page.evaluate("() => window.qomscope.run.ending.total")
    kinds: str = page.evaluate("() => Array.from({ length: qomscope.run.length }, (_, n) => qomscope.run.log.at(n)[0]).join('')")
    assert len(kinds) == total
    assert kinds.count("E") == kinds.count("X")
