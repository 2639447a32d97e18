"""Both programs at one command line, and where their answers differ."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Iterator, Mapping, Sequence

from conformance.differential import emulated, real
from conformance.differential.answers import Answers, Function
from hypothesis import Phase

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""No shrinking: a case takes a third of a second, and its words say what is wrong."""
NOT_MODELLED = "qomscope: not modelled: "
MODELLED_NOT: dict[str, str] = {
    "what follows when libslirp refuses the configuration (QEMU does not check)": "it goes on with a null pointer, and crashes",
}
"""What the emulation may decline in these tests, with the reason why it does."""


def differences(argv: Sequence[str], files: Mapping[str, str] | None = None) -> list[str]:
    """Start both programs in a folder with some files, and ask both; return what differs, in words.

    A case that the emulation declines with one of the reasons of MODELLED_NOT counts as equal.
    """
    started = real.Started(*argv, files=files)
    got = emulated.answers(*argv, files=files)
    want = started.answers(got.texts.get("info network"))
    declined = got.stderr.rpartition(NOT_MODELLED)[2].strip()
    if NOT_MODELLED in got.stderr and declined in MODELLED_NOT:
        return []
    found = list(_differences(want, got))
    return [shlex.join(argv), *found] if found else []


def _differences(want: Answers, got: Answers) -> Iterator[str]:
    for name in ("status", "stderr", "stdout"):
        one, other = getattr(want, name), getattr(got, name)
        if one != other:
            yield f"{name}: {other!r}, not {one!r}"
    if want.status or got.status:
        return
    for name, text in want.texts.items():
        lines = difflib.unified_diff(
            text.splitlines(), got.texts.get(name, "").splitlines(), "real", "emulated", n=2, lineterm=""
        )
        changed = list(lines)
        if changed:
            yield "\n".join([name, *changed])
    if want.query_pci != got.query_pci:
        yield f"query-pci: {got.query_pci}, not {want.query_pci}"
    for place in sorted(want.functions.keys() | got.functions.keys()):
        one, other = want.functions.get(place), got.functions.get(place)
        if one is None or other is None:
            yield f"{place}: {'only in the real program' if other is None else 'only in the emulated one'}"
        elif one != other:
            yield f"{place}: {', '.join(_function(one, other))}"


def _function(want: Function, got: Function) -> Iterator[str]:
    one, other = bytes.fromhex(want.config), bytes.fromhex(got.config)
    if len(one) != len(other):
        yield f"{len(other)} bytes of configuration space, not {len(one)}"
    for at, (right, wrong) in enumerate(zip(one, other, strict=False)):
        if right != wrong:
            yield f"byte {at:#x} is {wrong:#04x}, not {right:#04x}"
    for name in ("bars", "features", "queues"):
        if getattr(want, name) != getattr(got, name):
            yield f"{name} {getattr(got, name)}, not {getattr(want, name)}"
