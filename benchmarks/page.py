"""How fast the page answers in a real Chromium: steps, seeks, first paint, heap.

A step lasts from the press of the key to the end of the work of the frame that shows it: script, style, layout, paint records.
``wall`` is the time that this took, ``cpu`` what the page's main thread worked for it: the same where nothing else runs.
First paint is first-contentful-paint (the head of the page stands in its HTML), "drawn" is the first drawing by script.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import CDPSession, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

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
STEPS: Final = 120
LEVELS: Final = {"1": "phase", "2": "milestone", "3": "function", "4": "everything"}
LAYOUTS: Final = ("overview", "calls", "types", "realize", "config", "objects")
BUDGET: Final = 16.0
"""Milliseconds that 95 of 100 steps may take: a frame of a screen."""

READY: Final = "() => window.qomscope?.stage === 'ended'"
SHOWN: Final = """
const shown = () => new Promise((resolve) => {
  const after = () => {
    const { port1, port2 } = new MessageChannel();  // after this frame was laid out and painted
    port1.onmessage = resolve;
    port2.postMessage(null);
  };
  const late = setTimeout(after, 1000);  // a browser that gives no frames draws by timer
  requestAnimationFrame(() => { clearTimeout(late); after(); });
});
const measure = async (act) => {
  const began = performance.now();
  act();
  await shown();
  return performance.now() - began;
};
"""
STEP: Final = f"""async ([key]) => {{
  {SHOWN}
  const press = new KeyboardEvent("keydown", {{ key, bubbles: true, cancelable: true }});
  return measure(() => document.body.dispatchEvent(press));
}}"""
SEEK: Final = f"async ([at]) => {{ {SHOWN} return measure(() => window.qomscope.go(at)); }}"
REST: Final = f"async () => {{ {SHOWN} return measure(() => {{}}); }}"
DRAWN: Final = "() => performance.getEntriesByName('drawn')[0]?.startTime ?? 0"
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


class Clock:
    """Measures what a page does, in milliseconds of the wall's clock and of its main thread's."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._rest = 0.0
        self._rest = statistics.median(cpu for _, cpu in self.times(REST, [[]] * 20))

    def times(self, act: str, calls: list[list[Any]]) -> list[tuple[float, float]]:
        """Do something once for each of ``calls``, a list of arguments; return (wall, cpu) of each."""
        found = []
        before = self._worked()
        for call in calls:
            wall = float(self.page.evaluate(act, call))
            after = self._worked()
            found.append((wall, max(0.0, after - before - self._rest)))  # less what measuring costs
            before = after
        return found

    def _worked(self) -> float:
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration") * 1000


def p95(times: list[float]) -> float:
    """Return what 95 of 100 do not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def row(name: str, times: list[tuple[float, float]]) -> str:
    """Return a row of milliseconds."""
    wall, cpu = [first for first, _ in times], [second for _, second in times]
    numbers = (statistics.median(wall), p95(wall), max(wall), statistics.median(cpu), p95(cpu), max(cpu))
    return f"{name:<28}" + "".join(f"{number:>9.1f}" for number in numbers)


def random_places(length: int, count: int) -> list[list[int]]:
    """Return places all over a run, the same at every call."""
    places, random = [], 1
    for _ in range(count):
        random = random * 48271 % 2147483647
        places.append([random % length])
    return places


def measure(page: Page, address: str) -> Iterator[str]:
    """Open the page, let it run its first command line, and time what a reader does."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(address)
    page.wait_for_function(READY, timeout=120_000, polling=100)
    length: int = page.evaluate("() => window.qomscope.run.length")
    page.wait_for_timeout(2000)  # a reader looks at what came before the first step
    yield f"{length} events; first paint after {page.evaluate(PAINT):.0f} ms, drawn after {page.evaluate(DRAWN):.0f} ms"
    clock = Clock(page)
    yield f"{'milliseconds':<28}{'wall':>9}{'p95':>9}{'worst':>9}{'cpu':>9}{'p95':>9}{'worst':>9}"
    steps: list[float] = []

    def stepped(name: str, key: str, count: int = STEPS) -> str:
        times = clock.times(STEP, [[key]] * count)
        steps.extend(cpu for _, cpu in times)
        return row(name, times)

    for key, level in LEVELS.items():
        page.evaluate("() => window.qomscope.go(0)")
        page.keyboard.press(key)
        count = 12 if level == "phase" else STEPS
        yield stepped(f"step, {level}", "ArrowRight", count)
        yield stepped(f"step back, {level}", "ArrowLeft", count)
    for layout in LAYOUTS:
        page.evaluate(
            "([layout, at]) => Object.assign(qomscope, { layout, level: 'function' }).go(at)", [layout, length * 9 // 10]
        )
        page.wait_for_timeout(300)
        yield stepped(f"step, {layout}", "ArrowRight", STEPS // 2)
        yield row(f"seek, {layout}", clock.times(SEEK, list(random_places(length, STEPS // 4))))
    worst = p95(steps)
    yield f"95 of 100 steps: {worst:.1f} ms of processor, {'within' if worst <= BUDGET else 'ABOVE'} the {BUDGET:g} ms of a frame"
    heap: Any = page.evaluate("() => performance.memory?.usedJSHeapSize ?? 0")
    yield f"heap {heap / (1 << 20):.0f} MiB"


def attempt(again: Callable[[], Iterator[str]]) -> int:
    """Print the rows. A browser that fails half-way is tried once more."""
    for trial in (1, 2):
        try:
            for line in again():
                print(line, flush=True)
        except BrowserError as err:
            print(f"*** the browser failed ({err.message.splitlines()[0]}){', once more' if trial == 1 else ''}", file=sys.stderr)
        else:
            return 0
    return 1


def main() -> int:
    """Print the table."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("*** SKIPPED: chromium is not installed", file=sys.stderr)
        return 0
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    with server() as address, sync_playwright() as playwright:

        def once() -> Iterator[str]:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
            page = browser.new_page()
            page.set_default_timeout(60_000)
            yield from measure(page, address)
            browser.close()

        return attempt(once)


if __name__ == "__main__":
    sys.exit(main())
