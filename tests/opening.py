"""Opening the page on a run, and saying what is known where that takes too long."""

from __future__ import annotations

import json
import sys
from urllib.parse import quote

from playwright.sync_api import Error, Page
from playwright.sync_api import TimeoutError as TooLate

VIRTIO = "-nodefaults -M pc -netdev user,id=n0 -device virtio-net-pci,netdev=n0,id=nic0"
ENDED = "html[data-state=ended]"
PATIENCE = 45_000
KNOWN = """async () => {
  const app = globalThis.qomscope;
  const health = await fetch("/healthz", { signal: AbortSignal.timeout(5000) }).then((r) => r.text(), (e) => String(e));
  const frame = await Promise.race([
    new Promise((done) => requestAnimationFrame(() => done("comes"))),
    new Promise((done) => setTimeout(() => done("does not come"), 2000)),
  ]);
  return {
    started: app !== undefined, stage: document.documentElement.dataset.state, connection: app?.connection,
    events: app?.run?.length, ending: app?.run?.ending, problem: app?.problem, notice: app?.notice,
    visibility: document.visibilityState, frame, health,
  };
}"""


def open_run(page: Page, argv: str = VIRTIO, more: str = "") -> None:
    """Open the page on a command line, and wait until the run has ended. Tries twice, and says so."""
    page.goto(f"/#v=1&argv={quote(argv)}{more}")
    wait_for_end(page)


def wait_for_end(page: Page) -> None:
    """Wait until the run has ended and is drawn. AssertionError: it has not, twice; what the page knows is told."""
    if not _ended(page):
        first = known(page)
        sys.stderr.write(f"*** no end of the run after {PATIENCE / 1000:g} s; the page is loaded again. It knew: {first}\n")
        page.reload()
        assert _ended(page), f"the run has not ended; the page knew first {first}, now {known(page)}"
    page.wait_for_timeout(100)


def known(page: Page) -> str:
    """Return what the page and its server know of themselves."""
    try:
        return json.dumps(page.evaluate(KNOWN))
    except Error as err:
        return f"nothing: {err.message}"


def _ended(page: Page) -> bool:
    try:
        page.wait_for_selector(ENDED, state="attached", timeout=PATIENCE)
    except TooLate:
        return False
    return True
