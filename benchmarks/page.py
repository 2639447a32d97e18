"""How fast the page answers in a real Chromium: steps, seeks, first paint, heap."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-frame-rate-limit",  # a frame begins at once: what is measured is work, not waiting for a screen
    "--disable-gpu-vsync",
    "--enable-precise-memory-info",
)
STEPS: Final = 300
SEEKS: Final = 100
LEVELS: Final = {"1": "phase", "2": "milestone", "3": "function", "4": "everything"}

READY: Final = "() => window.qomscope?.run && window.qomscope.connection.state === 'done'"
SHOWN: Final = """
const shown = () => new Promise((resolve) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();  // after this frame was laid out and painted
  port1.onmessage = resolve;
  port2.postMessage(null);
}));
const measure = async (act) => {
  const began = performance.now();
  act();
  await shown();
  return performance.now() - began;
};
"""
STEP: Final = f"""async ([key, count]) => {{
  {SHOWN}
  const press = () => document.body.dispatchEvent(new KeyboardEvent("keydown", {{ key, bubbles: true, cancelable: true }}));
  const times = [];
  for (let i = 0; i < count; i++) times.push(await measure(press));
  return times;
}}"""
SEEK: Final = f"""async (count) => {{
  {SHOWN}
  const length = window.qomscope.run.length;
  const times = [];
  let random = 1;
  for (let i = 0; i < count; i++) {{
    random = (random * 48271) % 2147483647;
    times.push(await measure(() => window.qomscope.go(random % length)));
  }}
  return times;
}}"""
PAINT: Final = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


@contextmanager
def server() -> Iterator[str]:
    """Start the application on a free port; yield its address."""
    command = [sys.executable, "-m", "app", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise OSError("the server has no standard output")
            yield process.stdout.readline().split()[1]
        finally:
            process.terminate()


def row(name: str, times: list[float]) -> str:
    """Return a row of milliseconds."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"{name:<28}{statistics.median(ordered):>10.1f}{p95:>10.1f}{ordered[-1]:>10.1f}"


def measure(page: Page, address: str) -> Iterator[str]:
    """Open the page, let it run its first command line, and time what a reader does."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(address)
    page.wait_for_function(READY, timeout=120_000)
    yield f"{page.evaluate('() => window.qomscope.run.length')} events; first paint after {page.evaluate(PAINT):.0f} ms"
    yield f"{'milliseconds':<28}{'median':>10}{'p95':>10}{'worst':>10}"
    for key, level in LEVELS.items():
        page.evaluate("() => window.qomscope.go(0)")
        page.keyboard.press(key)
        count = 12 if level == "phase" else STEPS
        yield row(f"step, {level}", page.evaluate(STEP, ["ArrowRight", count]))
        yield row(f"step back, {level}", page.evaluate(STEP, ["ArrowLeft", count]))
    yield row("seek to any event", page.evaluate(SEEK, SEEKS))
    heap: Any = page.evaluate("() => performance.memory?.usedJSHeapSize ?? 0")
    yield f"heap {heap / (1 << 20):.0f} MiB"


def main() -> int:
    """Print the table."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("*** SKIPPED: chromium is not installed", file=sys.stderr)
        return 0
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    with server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for line in measure(browser.new_page(), address):
            print(line, flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
