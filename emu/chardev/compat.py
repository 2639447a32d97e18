"""The short form of a character device (chardev/char.c, ``qemu_chr_parse_compat``)."""

from __future__ import annotations

import re
from typing import Final

from emu.qapi.error import Error, error_abort, error_report_err
from emu.trace import emulates
from emu.util.error_report import error_report
from emu.util.qemu_config import qemu_find_opts
from emu.util.qemu_option import QemuOpts, qemu_opt_set, qemu_opts_create, qemu_opts_del, qemu_opts_do_parse

PLAIN: Final = ("null", "pty", "msmouse", "wctablet", "braille", "testdev", "stdio")
STREAMS: Final = ("tcp:", "telnet:", "tn3270:", "websocket:")

_PIXELS: Final = re.compile(r"([0-9]{1,7})x([0-9]{1,7})")
_CHARS: Final = re.compile(r"([0-9]{1,7})Cx([0-9]{1,7})")
_HOST_PORT: Final = re.compile(r"(?:([^:]{1,64}))?:([^,]{1,32})")
_UDP: Final = re.compile(r"(?:([^:]{1,64}))?:([^@,]{1,32})")


class Malformed(Exception):
    """The short form cannot be read; ``args`` holds what is to be said, if anything."""


def _set(opts: QemuOpts, **options: str) -> None:
    with error_abort():
        for name, value in options.items():
            qemu_opt_set(opts, name, value)


def _more(opts: QemuOpts, params: str, firstname: str | None) -> None:
    try:
        qemu_opts_do_parse(opts, params, firstname)
    except Error as err:
        error_report_err(err)
        raise Malformed from err


def _vc(opts: QemuOpts, p: str) -> None:
    _set(opts, backend="vc")
    if p.startswith(":"):
        if size := _PIXELS.match(p, 1):
            _set(opts, width=size[1], height=size[2])
        elif size := _CHARS.match(p, 1):
            _set(opts, cols=size[1], rows=size[2])
        else:
            raise Malformed


def _stream(opts: QemuOpts, filename: str, p: str) -> None:
    found = _HOST_PORT.match(p)
    if found is None:
        raise Malformed
    _set(opts, backend="socket", host=found[1] or "", port=found[2])
    if p.startswith(",", found.end()):
        _more(opts, p[found.end() + 1 :], None)
    for kind in ("telnet", "tn3270", "websocket"):
        if filename.startswith(f"{kind}:"):
            _set(opts, **{kind: "on"})


def _udp(opts: QemuOpts, p: str) -> None:
    _set(opts, backend="udp")
    found = _UDP.match(p)
    if found is None:
        raise Malformed
    _set(opts, host=found[1] or "", port=found[2])
    if p.startswith("@", found.end()):
        local = _HOST_PORT.match(p, found.end() + 1)
        if local is None:
            raise Malformed
        _set(opts, localaddr=local[1] or "", localport=local[2])


def _fill(opts: QemuOpts, filename: str) -> None:
    if filename in PLAIN:
        _set(opts, backend=filename)
        return
    if filename.startswith("vc"):
        _vc(opts, filename.removeprefix("vc"))
        return
    if filename == "con:":
        _set(opts, backend="console")
        return
    if filename.startswith("COM"):
        _set(opts, backend="serial", path=filename)
        return
    for prefix in ("file:", "pipe:"):
        if filename.startswith(prefix):
            _set(opts, backend=prefix[:-1], path=filename.removeprefix(prefix))
            return
    for prefix in STREAMS:
        if filename.startswith(prefix):
            _stream(opts, filename, filename.removeprefix(prefix))
            return
    if filename.startswith("udp:"):
        _udp(opts, filename.removeprefix("udp:"))
        return
    if filename.startswith("unix:"):
        _set(opts, backend="socket")
        _more(opts, filename.removeprefix("unix:"), "path")
        return
    if filename.startswith(("/dev/parport", "/dev/ppi")):
        _set(opts, backend="parallel", path=filename)
        return
    if filename.startswith("/dev/"):
        _set(opts, backend="serial", path=filename)
        return

    error_report(f"'{filename}' is not a valid char driver")
    raise Malformed


@emulates(file="chardev/char.c")
def qemu_chr_parse_compat(label: str, filename: str, permit_mux_mon: bool) -> QemuOpts | None:
    """Turns the short form into options of ``-chardev`` (chardev/char.c); None after a message."""
    list_ = qemu_find_opts("chardev")
    try:
        opts = qemu_opts_create(list_, label, True)
    except Error as err:
        error_report_err(err)
        return None

    if filename.startswith("mon:"):
        if not permit_mux_mon:
            error_report("mon: isn't supported in this context")
            return None
        filename = filename.removeprefix("mon:")
        _set(opts, mux="on")
        if filename == "stdio":
            # Ctrl+C is for the guest then.
            _set(opts, signal="off")

    try:
        _fill(opts, filename)
    except Malformed:
        qemu_opts_del(opts)
        return None
    return opts
