"""The test server as an object, its connection and its log (softmmu/qtest.c)."""

from __future__ import annotations

from typing import Any

from emu.chardev.char import qemu_chr_find, qemu_chr_new
from emu.chardev.char_fe import (
    qemu_chr_fe_deinit,
    qemu_chr_fe_disconnect,
    qemu_chr_fe_init,
    qemu_chr_fe_set_handlers,
    qemu_chr_fe_write_all,
)
from emu.chardev.structs import CHR_EVENT_CLOSED, CHR_EVENT_OPENED, CharBackend
from emu.host.outside import outside
from emu.hw.core.qdev import qdev_get_machine
from emu.qapi.error import error_abort, error_setg
from emu.qapi.qmp_event import USEC_PER_SEC, event_state
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    TYPE_OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_class_property_add_str,
    object_new,
    object_property_add_child,
    object_property_set_str,
    object_ref,
    object_unref,
    type_register_static,
)
from emu.qom.object_interfaces import TYPE_USER_CREATABLE, USER_CREATABLE_CLASS, user_creatable_complete
from emu.softmmu.qtest.commands import qtest_process_command
from emu.softmmu.qtest.state import QTEST, TYPE_QTEST, QTest, qtest_c
from emu.trace import emulates, recorder
from emu.util.error_report import error_report

BUFFER_SIZE = 1024


def elapsed() -> float:
    """Return the time since the connection came, in seconds."""
    return (event_state().real_time() - qtest_c().opened_at) / USEC_PER_SEC


def qtest_log(text: str) -> None:
    """Write to the log: standard error, unless ``-qtest-log`` names a file, or ``none``."""
    own = qtest_c()
    assert own.qtest is not None
    if own.qtest.log is None:
        recorder().message("stderr", text)
    elif own.qtest.log != "none":
        outside().log(own.qtest.log, text)


@emulates
def qtest_send_prefix() -> None:
    """softmmu/qtest.c. Notes in the log when an answer was given."""
    if qtest_c().qtest_opened:
        qtest_log(f"[S +{elapsed():.6f}] ")


@emulates
def qtest_send(text: str) -> None:
    """softmmu/qtest.c. Sends a line to the test program."""
    own = qtest_c()
    assert own.qtest is not None
    data = text.encode("utf-8", "surrogateescape")
    qemu_chr_fe_write_all(own.qtest.qtest_chr, data, len(data))
    if own.qtest_opened:
        qtest_log(text)


@emulates
def qtest_process_inbuf() -> None:
    """softmmu/qtest.c. Does all lines that are complete."""
    inbuf = qtest_c()._inbuf
    while (end := inbuf.find(b"\n")) >= 0:
        line = inbuf[:end].decode("utf-8", "surrogateescape")
        del inbuf[: end + 1]
        words = line.split(" ")
        qtest_log(f"[R +{elapsed():.6f}] {line}\n")
        qtest_process_command(words, qtest_send_prefix, qtest_send)


def qtest_read(opaque: CharBackend, buf: bytes, size: int) -> None:
    """Take bytes (softmmu/qtest.c)."""
    qtest_c()._inbuf.extend(buf[:size])
    qtest_process_inbuf()


def qtest_can_read(opaque: CharBackend) -> int:
    """Return how many bytes may come (softmmu/qtest.c)."""
    return BUFFER_SIZE


@emulates
def qtest_event(opaque: CharBackend, event: int) -> None:
    """softmmu/qtest.c. The test program has come, or gone."""
    own = qtest_c()
    if event == CHR_EVENT_OPENED:
        own._irq_levels.clear()
        own.opened_at = event_state().real_time()
        own.qtest_opened = True
        qtest_log(f"[I {elapsed():.6f}] OPENED\n")
    elif event == CHR_EVENT_CLOSED:
        if not own.qtest_opened and own.qtest is not None and own.qtest.log != "none":
            error_report("GLib: g_timer_elapsed: assertion 'timer != NULL' failed")
        own.qtest_opened = False
        qtest_log(f"[I +{elapsed():.6f}] CLOSED\n")


@emulates
def qtest_server_init(qtest_chrdev: str, qtest_log: str | None) -> None:
    """softmmu/qtest.c. ``-qtest``. Error: its character device cannot be made."""
    chr_ = qemu_chr_new("qtest", qtest_chrdev)
    if chr_ is None:
        error_setg(f'Failed to initialize device for qtest: "{qtest_chrdev}"')

    qtest = object_new(TYPE_QTEST)
    with error_abort():
        object_property_set_str(qtest, "chardev", "qtest")
        if qtest_log is not None:
            object_property_set_str(qtest, "log", qtest_log)
    object_property_add_child(qdev_get_machine(), "qtest", qtest)
    user_creatable_complete(qtest)
    object_unref(OBJECT(chr_))
    object_unref(qtest)


@emulates
def qtest_server_start(q: QTest) -> bool:
    """softmmu/qtest.c. Takes hold of the character device. Error: another holds it."""
    assert q.chr is not None
    own = qtest_c()
    own.__dict__.update(_inbuf=bytearray(), _irq_levels={})
    qemu_chr_fe_init(q.qtest_chr, q.chr)
    own.qtest = q
    qemu_chr_fe_set_handlers(q.qtest_chr, qtest_can_read, qtest_read, qtest_event, q.qtest_chr)
    return True


@emulates
def qtest_complete(uc: Object) -> None:
    """softmmu/qtest.c. Error: there is one already, or no character device."""
    q = QTEST(uc)
    if qtest_c().qtest is not None:
        error_setg("Only one instance of qtest can be created")
    if q.chr_name is None:
        error_setg("No backend specified")
    qtest_server_start(q)


@emulates
def qtest_unparent(obj: Object) -> None:
    """softmmu/qtest.c."""
    own = qtest_c()
    q = QTEST(obj)
    if own.qtest is q:
        qemu_chr_fe_disconnect(q.qtest_chr)
        qemu_chr_fe_deinit(q.qtest_chr, False)
        own.qtest = None


@emulates
def qtest_set_log(obj: Object, value: str) -> None:
    """softmmu/qtest.c. Property ``log``. Error: the server runs."""
    q = QTEST(obj)
    if qtest_c().qtest is q:
        error_setg("Property 'log' can not be set now")
    q.log = value


@emulates
def qtest_get_log(obj: Object) -> str | None:
    """softmmu/qtest.c. Property ``log``."""
    return QTEST(obj).log


@emulates
def qtest_set_chardev(obj: Object, value: str) -> None:
    """softmmu/qtest.c. Property ``chardev``. Error: the server runs, or there is no such device."""
    q = QTEST(obj)
    if qtest_c().qtest is q:
        error_setg("Property 'chardev' can not be set now")
    chr_ = qemu_chr_find(value)
    if chr_ is None:
        error_setg(f"Cannot find character device '{value}'")
    q.chr_name = value
    if q.chr is not None:
        object_unref(OBJECT(q.chr))
    q.chr = chr_
    object_ref(OBJECT(chr_))


@emulates
def qtest_get_chardev(obj: Object) -> str | None:
    """softmmu/qtest.c. Property ``chardev``."""
    return QTEST(obj).chr_name


@emulates
def qtest_class_init(oc: ObjectClass, data: Any) -> None:
    """softmmu/qtest.c."""
    oc.unparent = qtest_unparent
    USER_CREATABLE_CLASS(oc).complete = qtest_complete
    object_class_property_add_str(oc, "chardev", qtest_get_chardev, qtest_set_chardev)
    object_class_property_add_str(oc, "log", qtest_get_log, qtest_set_log)


qtest_info = TypeInfo(
    name=TYPE_QTEST,
    parent=TYPE_OBJECT,
    instance=QTest,
    class_init=qtest_class_init,
    interfaces=(TYPE_USER_CREATABLE,),
)


@type_init
@emulates
def register_types() -> None:
    """softmmu/qtest.c."""
    type_register_static(qtest_info)
