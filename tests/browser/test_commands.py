"""Commands on the ready machine, given from the page; what is picked, saved and dropped."""

from __future__ import annotations

from pathlib import Path

import pytest
from opening import open_run
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def at(page: Page) -> int:
    number: int = page.evaluate("qomscope.at")
    return number


def order(page: Page, command: str) -> None:
    """Type a command for the machine, and wait until it is done."""
    page.fill("#monitor", command)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "(text) => qomscope.run.ending && qomscope.run.commands.at(-1)?.text === text", arg=command, polling=50
    )


def test_a_card_is_added_while_the_machine_runs(page: Page) -> None:
    open_run(page, more="&show=objects")
    length: int = page.evaluate("qomscope.run.length")
    order(page, "device_add virtio-net-pci,id=nic1")
    assert at(page) > length, "the page stands at the command"
    expect(page.locator("p.what")).to_have_text("The machine is given the command device_add virtio-net-pci,id=nic1.")
    page.keyboard.press("Escape")
    expect(page.locator("section[data-view=objects] svg.diagram")).to_contain_text("nic1")
    order(page, "info network")
    expect(page.locator(".transcript")).to_contain_text("nic1: index=0,type=nic,model=virtio-net-pci")
    page.locator("#monitor").press("ArrowUp")
    page.locator("#monitor").press("ArrowUp")
    expect(page.locator("#monitor")).to_have_value("device_add virtio-net-pci,id=nic1")
    page.locator("#monitor").fill("")
    page.locator("#monitor").press("Escape")
    page.get_by_role("button", name="Take the last command for the machine back").click()
    page.wait_for_function("() => qomscope.run.ending && qomscope.run.commands.length === 1", polling=50)
    page.wait_for_timeout(500)
    assert page.url.count("&do=") == 1


def test_a_link_carries_commands(page: Page) -> None:
    do = "&do=device_add+virtio-net-pci,id%3Dnic1&do=device_del+nic1&do=system_reset&do=nonsense"
    open_run(page, more=f"{do}&show=objects&pick=card%3Dvirtio-net-pci~1")
    assert (
        page.evaluate("qomscope.run.timeline.seek(qomscope.at).get(qomscope.run.names.ofType('virtio-net-pci')[1]).freed") is True
    )
    expect(page.locator("section[data-view=objects] svg.diagram")).to_contain_text("Given back")
    page.keyboard.press("M")
    expect(page.locator(".transcript")).to_contain_text("unknown command: 'nonsense'")
    page.keyboard.press("l")
    expect(page.locator("section.monitor")).to_have_attribute("aria-label", "监视器")


def test_a_frame_goes_from_the_backend_to_the_card(page: Page) -> None:
    open_run(page, more="&show=objects")
    page.locator("section[data-view=objects] [data-do='host send n0 64']").click()
    page.wait_for_function("() => qomscope.run.ending && qomscope.run.commands.length === 1", polling=50)
    expect(page.locator(".transcript")).to_contain_text("host send n0 64")
    assert page.evaluate("qomscope.run.printed(0)") != ""


def test_a_machine_that_is_gone_takes_no_commands(page: Page) -> None:
    open_run(page, "-nodefaults -M none", "&do=quit")
    page.fill("#monitor", "info status")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_have_text("QEMU has ended: no machine takes commands.")
    assert page.evaluate("qomscope.commands") == ["quit"]


def test_what_is_picked_is_in_the_link(page: Page) -> None:
    bridge = "-nodefaults -M pc -device pci-bridge,id=br,chassis_nr=1"
    open_run(
        page,
        f"{bridge} -device virtio-net-pci,id=a,bus=br,addr=1 -device e1000,id=b,bus=br,addr=2",
        "&show=config&pick=card%3De1000",
    )
    chosen = page.locator("section[data-view=config] g.tab.on").first
    expect(chosen).to_have_text("b")
    page.locator("section[data-view=config] g.tab rect[data-toggle^='card=pci-bridge']").click()
    expect(chosen).to_have_text("br")
    page.wait_for_timeout(700)
    assert "pick=card=pci-bridge" in page.url


def test_a_saved_picture_leads_back_to_its_step(page: Page, tmp_path: Path) -> None:
    open_run(page, more="&show=realize&by=function")
    page.evaluate("qomscope.go(Math.floor(qomscope.run.length * 0.95))")
    page.keyboard.press("ArrowRight")
    page.evaluate("qomscope.select(`object:${qomscope.run.names.ofType('virtio-net-pci')[0]}`)")
    place = at(page)
    menu = page.locator("aside.drawer details.save")
    menu.locator("summary").click()
    with page.expect_download() as saved:
        menu.get_by_role("button", name="SVG", exact=True).click()
    file = tmp_path / "picture.svg"
    saved.value.save_as(file)
    text = file.read_text("utf-8")
    assert "nic0</text>" in text
    assert "Object.parent" in text
    page.goto("about:blank")
    open_run(page, "-nodefaults -M none")
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "picture.svg", { type: "image/svg+xml" }));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )
    page.wait_for_function(
        "() => qomscope.argv.includes('virtio-net-pci') && qomscope.run?.ending && qomscope.run.length > 50000", polling=100
    )
    assert at(page) == place
    assert page.evaluate("qomscope.layout") == "realize"
    assert page.evaluate("qomscope.selection.kind") == "object"
