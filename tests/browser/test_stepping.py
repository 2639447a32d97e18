"""The page runs a command line and steps through it, as a person would."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from opening import ENDED, PATIENCE, VIRTIO, open_run
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def at(page: Page) -> int:
    """Return the place that the page shows."""
    number: int = page.evaluate("qomscope.at")
    return number


def test_steps_from_first_to_last_and_back(page: Page) -> None:
    open_run(page)
    total: int = page.evaluate("qomscope.run.length")
    assert at(page) == total
    page.keyboard.press("Home")
    expect(page.locator("p.what")).to_have_text("Nothing has happened yet.")
    page.keyboard.press("3")
    page.keyboard.press("ArrowRight")
    expect(page.locator("p.what")).to_have_text("qemu_init is called.")
    page.keyboard.press("4")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert at(page) == total - 1
    page.keyboard.press("1")
    seen = [at(page)]
    while seen[-1] > 0:
        page.keyboard.press("PageUp")
        seen.append(at(page))
        assert seen[-1] < seen[-2]


def test_the_realize_of_virtio_pci_is_turned_round(page: Page) -> None:
    open_run(page, more="&show=realize")
    flip: int = page.evaluate(
        "qomscope.run.history.field(qomscope.run.names.ofType('virtio-pci', 'ObjectClass')[0], 'DeviceClass.realize').at(-1)"
    )
    page.evaluate("n => qomscope.go(n + 1)", flip)
    words = page.locator("p.what")
    expect(words).to_have_text("DeviceClass.realize of class virtio-pci changes from pci_qdev_realize to virtio_pci_dc_realize.")
    expect(page.locator("section[data-view=overrides] svg.diagram")).to_contain_text("virtio_pci_dc_realize")
    expect(page.locator("dl.where")).to_contain_text("device_class_set_parent_realize")
    page.keyboard.press("l")
    expect(words).to_have_text("class virtio-pci 的 DeviceClass.realize 由 pci_qdev_realize 变为 virtio_pci_dc_realize。")


def test_the_capability_chain_grows(page: Page) -> None:
    open_run(page, more="&show=config&by=event&find=byte%3A0x34+kind%3Apoke+obj%3Anic0")
    heads = []
    page.keyboard.press("Home")
    for _ in range(6):
        page.keyboard.press(".")
        heads.append(
            page.evaluate(
                "qomscope.run.timeline.seek(qomscope.at).get(qomscope.run.names.ofType('virtio-net-pci')[0]).field('PCIDevice.config')[0x34]"
            )
        )
    assert [hex(head) for head in heads] == ["0x40", "0x50", "0x60", "0x70", "0x84", "0x98"]


def test_a_byte_leads_to_the_call_that_wrote_it(page: Page) -> None:
    open_run(page, more="&show=config")
    card: int = page.evaluate("qomscope.run.names.ofType('virtio-net-pci')[0]")
    page.evaluate("id => qomscope.select(`byte:${id}:PCIDevice.config:52:1`)", card)
    expect(page.locator(".history")).to_contain_text("pci_add_capability")
    page.keyboard.press("[")
    expect(page.locator("p.what")).to_contain_text("PCI_CAPABILITY_LIST")


def test_an_error_ends_the_run_as_qemu_does(page: Page) -> None:
    open_run(page, VIRTIO.replace("id=nic0", "colour=red"))
    problem = page.locator(".problem")
    expect(problem).to_contain_text("exit status 1")
    expect(problem).to_contain_text("Property 'virtio-net-pci.colour' not found")
    page.keyboard.press("Home")
    page.keyboard.press("4")
    page.keyboard.press("ArrowRight")
    assert at(page) == 1


def test_what_is_not_modelled_is_said(page: Page) -> None:
    page.goto(f"/#v=1&argv={quote('-foo')}")
    expect(page.locator(".problem")).to_contain_text("-foo")


def test_a_link_leads_back_to_the_very_step(page: Page) -> None:
    open_run(page, more="&by=function")
    page.evaluate("qomscope.go(Math.floor(qomscope.run.length * 0.7))")
    page.keyboard.press("ArrowRight")
    place = at(page)
    page.keyboard.press("Enter")
    page.wait_for_timeout(700)
    link = page.url
    assert re.search(r"&at=[EX]\.", link)
    assert "&sel=call" in link
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector(ENDED, state="attached", timeout=PATIENCE)
    assert at(page) == place


def test_the_source_is_in_sight_in_whatever_layout(page: Page) -> None:
    """A browser takes a pane that moves on the page back to its top."""
    open_run(page, more="&by=function")
    page.evaluate("qomscope.go(Math.floor(qomscope.run.length * 0.86))")
    for layout in ("calls", "realize", "overview", "calls"):
        page.locator(".layout-tabs").get_by_role("button", name=re.compile(layout, re.IGNORECASE)).first.click()
        expect(page.locator("section[data-view=source] .current-line")).to_be_in_viewport()


def test_every_pane_shows_the_step_when_the_keys_come_fast(page: Page) -> None:
    """A frame draws the panes that it has time for; the others come with the next."""
    open_run(page)
    page.keyboard.press("Home")
    page.keyboard.press("2")
    for _ in range(30):
        page.keyboard.press("ArrowRight", delay=0)
    page.wait_for_function("() => qomscope.shown", polling=50)
    assert at(page) == int(page.locator("#place").input_value().replace(",", ""))
    name = page.evaluate("qomscope.run.functionOf(qomscope.at - 1).name")
    expect(page.locator("section[data-view=calls] .row.now .name")).to_have_text(name)
    expect(page.locator("section[data-view=source] .current-line")).to_be_in_viewport()
    changes = page.locator("section[data-view=inspector] .row:not([hidden])").first.inner_text()
    begun: int = page.evaluate("qomscope.run.changes(qomscope.at, qomscope.level).from")
    assert begun <= int(changes.split()[0].replace(",", "")) < at(page)


def test_pictures_and_texts_are_saved_as_they_stand(page: Page) -> None:
    open_run(page, more="&show=realize")
    menu = page.locator("section[data-view=overrides] details.save")
    menu.locator("summary").click()
    with page.expect_download() as saved:
        menu.get_by_role("button", name="SVG", exact=True).click()
    text = saved.value.path().read_text("utf-8")
    assert "<metadata>" in text
    assert "virtio_pci_dc_realize</text>" in text
    assert "class=" not in text
    menu.locator("summary").click()
    with page.expect_download() as saved:
        menu.get_by_role("button", name="PNG 2×").click()
    assert saved.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    menu.locator("summary").click()
    menu.get_by_role("button", name="Copy as Markdown").click()
    assert "virtio_pci_dc_realize" in page.evaluate("navigator.clipboard.readText()")


def test_a_dropped_connection_loses_nothing(page: Page) -> None:
    page.add_init_script(
        """(() => {
            const Real = WebSocket;
            let opened = 0;
            globalThis.WebSocket = class extends Real {
                constructor(...args) {
                    super(...args);
                    if (opened++) return;
                    let heard = 0;
                    this.addEventListener("message", () => { if (++heard === 6) this.close(); });
                }
            };
        })();"""
    )
    open_run(page)
    whole: int = page.evaluate("qomscope.run.ending.total")
    assert page.evaluate("qomscope.run.length") == whole
    assert page.evaluate("qomscope.run.timeline.seek(qomscope.run.length).calls.length") == 0


def test_a_run_is_saved_as_a_file_that_opens_from_disk(page: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    open_run(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save this run as one HTML file").click()
    file = tmp_path_factory.mktemp("file") / "run.html"
    saved.value.save_as(file)
    total: int = page.evaluate("qomscope.run.length")
    alone = page.context.browser.new_page()  # type: ignore[union-attr]  # a context made by a browser has it
    asked: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(file.as_uri())
    alone.wait_for_selector(ENDED, state="attached", timeout=PATIENCE)
    assert alone.evaluate("qomscope.run.length") == total
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    alone.close()
