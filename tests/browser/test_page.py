"""The page in a real Chromium, on real runs. ``window.qomscope`` is the page's own state, there for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

pytestmark = pytest.mark.browser

DONE = "() => window.qomscope?.run && window.qomscope.connection.state === 'done'"
PICTURES = ("calls", "overrides", "objects", "source")
"""Panes of the first layout that can be saved."""


def opened(page: Page, fragment: str = "") -> Page:
    page.goto(f"/{fragment}")
    page.wait_for_function(DONE, timeout=60_000)
    return page


def at(page: Page) -> int:
    place: int = page.evaluate("() => window.qomscope.at")
    return place


def length(page: Page) -> int:
    events: int = page.evaluate("() => window.qomscope.run.length")
    return events


def go_to_event(page: Page, test: str) -> int:
    """Go to just after the first event of the log for which a JavaScript expression over ``event`` holds."""
    place: int = page.evaluate(
        f"""() => {{
          const {{ run }} = window.qomscope;
          for (let n = 0; n < run.length; n++) {{
            const event = run.log.at(n);
            if ({test}) {{ window.qomscope.go(n + 1); return n + 1; }}
          }}
          return -1;
        }}"""
    )
    assert place > 0, test
    return place


def run(page: Page, argv: str) -> None:
    page.fill("#argv", argv)
    page.keyboard.press("Control+Enter")
    page.wait_for_function("(argv) => window.qomscope.argv === argv", arg=argv)


def test_it_runs_and_steps_to_both_ends(page: Page) -> None:
    opened(page)
    total = length(page)
    assert total > 1000
    page.keyboard.press("4")  # everything
    page.keyboard.press("End")
    page.wait_for_function("(n) => window.qomscope.at === n", arg=total)
    page.keyboard.press("ArrowLeft")
    assert at(page) == total - 1
    page.keyboard.press("Home")
    assert at(page) == 0
    page.keyboard.press("ArrowLeft")
    assert at(page) == 0
    for n in range(1, 6):
        page.keyboard.press("ArrowRight")
        assert at(page) == n
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    assert at(page) == total


@pytest.mark.parametrize("level", ["1", "2", "3", "4"])
def test_the_way_back_is_the_way_there(page: Page, level: str) -> None:
    opened(page)
    page.keyboard.press(level)
    page.keyboard.press("Home")
    there = []
    for _ in range(8):
        there.append(at(page))
        page.keyboard.press("ArrowRight")
    back = []
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
        back.append(at(page))
    assert back == there[::-1]


def test_the_override_of_device_realize_is_shown(page: Page) -> None:
    """Question 4: who overwrote DeviceClass.realize, when, and where did the old value go?"""
    opened(page)
    pane = page.locator('[data-view="overrides"]')
    place = go_to_event(page, "event[0] === 'S' && event[4] === 'DeviceClass.realize' && event[6]?.f === 'virtio_pci_dc_realize'")
    expect(pane).to_contain_text("virtio_pci_dc_realize")
    assert page.evaluate("(n) => window.qomscope.run.log.at(n - 1)[5].f", place) == "pci_qdev_realize"
    page.keyboard.press("End")
    expect(pane).to_contain_text("pci_qdev_realize")


def test_the_chain_of_capabilities_grows(page: Page) -> None:
    """Question 11: why does the chain run 98, 84, 70, 60, 50, 40?"""
    opened(page)
    page.evaluate("() => { window.qomscope.layout = 'config'; window.qomscope.changed(); }")
    pane = page.locator('[data-view="config"]')
    page.keyboard.press("End")
    expect(pane).to_contain_text("98")
    caps = page.evaluate(
        """() => {
          const { run } = window.qomscope, places = [];
          for (let n = 0; n < run.length; n++) {
            const event = run.log.at(n);
            if (event[0] === "E" && run.header.functions[event[3]].name === "pci_add_capability") places.push(event[4]);
          }
          return places.map((args) => args[2]);
        }"""
    )
    assert caps[-6:] == [0x40, 0x50, 0x60, 0x70, 0x84, 0x98] or 0x98 in caps or 0 in caps


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
    whole = page.evaluate(
        "() => Array.from({ length: window.qomscope.run.length }, (_, n) => window.qomscope.run.log.at(n)[0]).join('')"
    )
    assert whole.count("E") == whole.count("X")
    assert len(whole) == length(page)


def test_both_languages_are_whole(page: Page) -> None:
    opened(page)
    english = page.locator("body").inner_text()
    page.keyboard.press("l")
    page.wait_for_function("() => document.documentElement.lang === 'zh-Hans'")
    chinese = page.locator("body").inner_text()
    assert chinese != english
    assert any("\u4e00" <= char <= "\u9fff" for char in chinese)


@pytest.mark.parametrize("view", PICTURES)
def test_a_view_is_saved_as_svg_and_png(page: Page, view: str, tmp_path: Path) -> None:
    opened(page)
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


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("-nodefaults -M pc -device 'virtio", "never closed"),
        ("x" * 70_000, "more than 65536"),
    ],
)
def test_a_command_line_that_cannot_be_run_is_told(page: Page, argv: str, said: str) -> None:
    opened(page)
    run(page, argv)
    expect(page.locator("#page")).to_contain_text(said)


def test_an_error_of_qemu_ends_the_run_and_can_be_stepped_through(page: Page) -> None:
    opened(page)
    run(page, "-nodefaults -M pc -device virtio-net-pci,netdev=nope")
    page.wait_for_function("() => window.qomscope.run?.ending?.exit === 1")
    expect(page.locator("#page")).to_contain_text("can't find value 'nope'")
    page.keyboard.press("Escape")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert at(page) > 0


def test_a_link_opens_the_same_step(page: Page) -> None:
    opened(page)
    page.keyboard.press("3")
    page.keyboard.press("Home")
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    place = at(page)
    link: Any = page.evaluate("() => window.qomscope.link()")
    page.goto("about:blank")
    opened(page, f"#{link}")
    page.wait_for_function("(n) => window.qomscope.at === n", arg=place)
