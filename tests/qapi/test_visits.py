"""util/qemu-option.c, util/keyval.c, qobject/json-*.c and the visitors, compared with what QEMU's own code printed.

Each case is a kind, a text, and the output of QEMU 7.2.22's C files for it: the parsed value as JSON, or the error with its hint.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emu.qapi.error import Error, error_report_err
from emu.qapi.opts_visitor import opts_visitor_new
from emu.qapi.qapi_types_net import Netdev
from emu.qapi.qapi_visit_net import visit_type_Netdev
from emu.qapi.qobject_input_visitor import qobject_input_visitor_new_str
from emu.qapi.qobject_output_visitor import qobject_output_visitor_new
from emu.qapi.string_input_visitor import string_input_visitor_new
from emu.qapi.string_output_visitor import string_output_visitor_new
from emu.qapi.visitor import visit_list, visit_type_int16
from emu.qobject.qjson import qobject_from_json, qobject_to_json
from emu.trace import Recorder
from emu.trace.fold import fold
from emu.trace.snapshot import snapshot
from emu.util.keyval import keyval_parse_help
from emu.util.qemu_option import (
    QEMU_OPT_BOOL,
    QEMU_OPT_NUMBER,
    QEMU_OPT_SIZE,
    QemuOptDesc,
    has_help_option,
    opts_list,
    qemu_opt_get_bool,
    qemu_opt_get_number,
    qemu_opt_get_size,
    qemu_opts_del,
    qemu_opts_parse,
    qemu_opts_parse_noisily,
    qemu_opts_to_qdict,
)

CASES = json.loads((Path(__file__).parent / "data" / "visits.json").read_text())

netdev_opts = opts_list("netdev", implied_opt_name="type")
described_opts = opts_list(
    "desc",
    implied_opt_name="str",
    desc=(
        QemuOptDesc("str"),
        QemuOptDesc("bool", QEMU_OPT_BOOL, "a bool"),
        QemuOptDesc("num", QEMU_OPT_NUMBER, None, "7"),
        QemuOptDesc("size", QEMU_OPT_SIZE, "size"),
    ),
)

Say = Callable[[str], None]


def as_json(nd: Netdev) -> str:
    v = qobject_output_visitor_new()
    visit_type_Netdev(v, None, nd)
    return "OK " + qobject_to_json(v.complete())


def from_json(text: str, say: Say) -> None:
    say("OK " + qobject_to_json(qobject_from_json(text)))


def from_keyval(implied: str | None) -> Callable[[str, Say], None]:
    def parse(text: str, say: Say) -> None:
        qdict, wanted = keyval_parse_help(text, implied)
        say(f"OK {int(wanted)} {qobject_to_json(qdict)}")

    return parse


def netdev_from_text(text: str, say: Say) -> None:
    say(as_json(visit_type_Netdev(qobject_input_visitor_new_str(text, "type"), None)))


def netdev_from_options(permit_abbrev: bool) -> Callable[[str, Say], None]:
    def parse(text: str, say: Say) -> None:
        opts = qemu_opts_parse(netdev_opts(), text, permit_abbrev)
        say(qobject_to_json(qemu_opts_to_qdict(opts)) + " ")
        try:
            say(as_json(visit_type_Netdev(opts_visitor_new(opts), None)))
        finally:
            qemu_opts_del(opts)

    return parse


def signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def described_options(text: str, say: Say) -> None:
    opts = qemu_opts_parse_noisily(described_opts(), text, True)
    if opts is None:
        say("NULL")
        return
    number, size = qemu_opt_get_number(opts, "num", 1), qemu_opt_get_size(opts, "size", 2)
    say(f"{int(qemu_opt_get_bool(opts, 'bool', False))} {signed(number)} {signed(size)} ")
    say(qobject_to_json(qemu_opts_to_qdict(opts)))
    qemu_opts_del(opts)


def list_of_numbers(text: str, say: Say) -> None:
    numbers = visit_list(string_input_visitor_new(text), "list", None, visit_type_int16)
    for human in (False, True):
        v = string_output_visitor_new(human)
        visit_list(v, "list", numbers, visit_type_int16)
        say(v.complete() + ";")


def asks_for_help(text: str, say: Say) -> None:
    say(str(int(has_help_option(text))))


KINDS: dict[str, Callable[[str, Say], None]] = {
    "j": from_json,
    "k": from_keyval(None),
    "K": from_keyval("impl"),
    "n": netdev_from_text,
    "o": netdev_from_options(False),
    "O": netdev_from_options(True),
    "d": described_options,
    "l": list_of_numbers,
    "h": asks_for_help,
}


@pytest.fixture(scope="module")
def run() -> Iterator[Recorder]:
    with Recorder().active() as recorder:
        yield recorder


def outcome(kind: str, text: str, run: Recorder) -> str:
    def say(output: str) -> None:
        run.message("stdout", output)

    before = len(run.events)
    try:
        KINDS[kind](text, say)
    except Error as err:
        say(f"ERR {err}|\n")
        error_report_err(err)
    return "".join(event[4] for event in run.events[before:] if event[0] == "M").rstrip("\n")


@pytest.mark.parametrize("kind", KINDS)
def test_the_outcome_is_qemus(kind: str, run: Recorder) -> None:
    cases = [(text, expected) for of, text, expected in CASES if of == kind]
    assert cases
    assert [(text, outcome(kind, text, run)) for text, _ in cases] == cases


def test_all_of_it_is_recorded(run: Recorder) -> None:
    assert fold(run.events).objects == snapshot(run).objects
