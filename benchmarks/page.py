"""How fast the page answers in a real Chromium: steps, seeks, first paint, heap.

Milliseconds from the press of the key
- ``shown``: to the end of the frame that shows the step: script, style, layout, paint records. Sentence, timeline and the first
  pane of the layout are in it always, the other panes as far as the frame has time for them;
- ``whole``: to the end of the frame after which every pane shows the step;
- ``cpu``: what the page's main thread worked from one key to the next.

Keys come as from one that is held down. What else the machine does only adds: everything is done anew in some fresh browsers, and
the best time of each single step counts (the same steps in the same order, so that first times stay first times).
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import CDPSession, Page, Playwright, sync_playwright
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
ROUNDS: Final = 3
REPEAT: Final = 40
"""Milliseconds between two steps: a key held down comes 25 times a second."""
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
  const first = performance.now() - began;
  while (!window.qomscope.shown) await shown();
  return [first, performance.now() - began];
};
"""
STEP: Final = f"""async ([key]) => {{
  {SHOWN}
  await new Promise((resolve) => setTimeout(resolve, {REPEAT}));
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


Times = tuple[float, float, float]
"""(shown, whole, cpu) of one act, in milliseconds."""


class Clock:
    """Measures what a page does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._rest = 0.0
        self._rest = statistics.median(cpu for _, _, cpu in self.times(REST, [[]] * 20))

    def times(self, act: str, calls: list[list[Any]]) -> list[Times]:
        """Do something once for each of ``calls``, a list of arguments; return the times of each."""
        found = []
        before = self._worked()
        for call in calls:
            shown, whole = self.page.evaluate(act, call)
            after = self._worked()
            found.append((shown, whole, max(0.0, after - before - self._rest)))  # less what measuring costs
            before = after
        return found

    def _worked(self) -> float:
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration") * 1000


def p95(times: Sequence[float]) -> float:
    """Return what 95 of 100 do not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def row(name: str, times: list[Times]) -> str:
    """Return a row of milliseconds."""
    shown, whole, cpu = zip(*times, strict=True)
    numbers = (statistics.median(shown), p95(shown), max(shown), statistics.median(whole), p95(whole), max(whole), p95(cpu))
    return f"{name:<24}" + "".join(f"{number:>8.1f}" for number in numbers)


def random_places(length: int, count: int) -> list[list[int]]:
    """Return places all over a run, the same at every call."""
    places, random = [], 1
    for _ in range(count):
        random = random * 48271 % 2147483647
        places.append([random % length])
    return places


@dataclass
class Round:
    """What one fresh browser took: milliseconds, MiB, and the times of each single act, by the name of its row."""

    length: int
    paint: float
    drawn: float
    heap: float = 0.0
    rows: dict[str, list[Times]] = field(default_factory=dict)


def measure(page: Page, address: str) -> Round:
    """Open the page, let it run its first command line, and time what a reader does."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(address)
    page.wait_for_function(READY, timeout=120_000, polling=100)
    page.wait_for_timeout(2000)  # a reader looks at what is there before the first step
    length: int = page.evaluate("() => window.qomscope.run.length")
    found = Round(length, page.evaluate(PAINT), page.evaluate(DRAWN))
    clock = Clock(page)
    for key, level in LEVELS.items():
        page.evaluate("() => window.qomscope.go(0)")
        page.keyboard.press(key)
        count = 12 if level == "phase" else STEPS
        found.rows[f"step, {level}"] = clock.times(STEP, [["ArrowRight"]] * count)
        found.rows[f"step back, {level}"] = clock.times(STEP, [["ArrowLeft"]] * count)
    for layout in LAYOUTS:
        page.evaluate(
            "([layout, at]) => Object.assign(qomscope, { layout, level: 'function' }).go(at)", [layout, length * 9 // 10]
        )
        page.wait_for_timeout(300)
        found.rows[f"step, {layout}"] = clock.times(STEP, [["ArrowRight"]] * (STEPS // 2))
        found.rows[f"seek, {layout}"] = clock.times(SEEK, list(random_places(length, STEPS // 4)))
    found.heap = page.evaluate("() => performance.memory?.usedJSHeapSize ?? 0") / (1 << 20)
    return found


def best(rounds: list[Round]) -> dict[str, list[Times]]:
    """Return the best time of each single act."""
    found: dict[str, list[Times]] = {}
    for name in rounds[0].rows:
        for same in zip(*(each.rows[name] for each in rounds), strict=True):
            shown, whole, cpu = zip(*same, strict=True)
            found.setdefault(name, []).append((min(shown), min(whole), min(cpu)))
    return found


def steps(rows: dict[str, list[Times]]) -> list[Times]:
    """Return the times of all steps, without the seeks."""
    return [times for name, row in rows.items() if name.startswith("step") for times in row]


def report(rounds: list[Round]) -> Iterator[str]:
    """Yield the lines of the table."""
    paint, drawn = min(each.paint for each in rounds), min(each.drawn for each in rounds)
    yield f"{rounds[0].length} events; first paint after {paint:.0f} ms, drawn after {drawn:.0f} ms"
    heads = ("shown", "p95", "worst", "whole", "p95", "worst", "cpu p95")
    yield f"{'milliseconds':<24}" + "".join(f"{head:>8}" for head in heads)
    rows = best(rounds)
    for name, times in rows.items():
        yield row(name, times)
    shown, whole, cpu = (p95(each) for each in zip(*steps(rows), strict=True))
    verdict = "within" if shown <= BUDGET else "ABOVE"
    yield f"95 of 100 of {len(steps(rows))} steps: shown after {shown:.1f} ms, {verdict} the {BUDGET:g} ms of a frame"
    yield f"in all panes after {whole:.1f} ms, with {cpu:.1f} ms of processor"
    yield "shown, in each round: " + ", ".join(f"{p95([times[0] for times in steps(each.rows)]):.1f}" for each in rounds)
    yield f"heap {max(each.heap for each in rounds):.0f} MiB"


def in_browser(playwright: Playwright, chromium: str, address: str) -> Round:
    """Measure in a fresh browser. One that fails half-way is tried once more."""
    for trial in (1, 2):
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page()
        page.set_default_timeout(60_000)
        try:
            return measure(page, address)
        except BrowserError as err:
            if trial == 2:
                raise
            print(f"*** the browser failed ({err.message.splitlines()[0]}), once more", file=sys.stderr)
        finally:
            browser.close()
    raise AssertionError


def main() -> int:
    """Print the table."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("*** SKIPPED: chromium is not installed", file=sys.stderr)
        return 0
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    rounds: list[Round] = []
    with server() as address, sync_playwright() as playwright:
        while len(rounds) < ROUNDS:
            print(f"round {len(rounds) + 1} of {ROUNDS}", file=sys.stderr)
            rounds.append(in_browser(playwright, chromium, address))
    for line in report(rounds):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
