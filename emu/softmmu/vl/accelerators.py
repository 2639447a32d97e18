"""Which accelerator: ``-accel`` and ``-machine accel=`` (softmmu/vl.c)."""

from __future__ import annotations

import errno
from os import strerror
from typing import Any

from emu.accel.accel_common import ACCEL, accel_find
from emu.accel.accel_softmmu import accel_init_machine, current_accel_name
from emu.errors import QemuExit
from emu.host import host
from emu.hw.core.machine import current_machine
from emu.qapi.error import error_fatal
from emu.qom.object import (
    OBJECT,
    OBJECT_CLASS,
    Object,
    object_apply_compat_props,
    object_new_with_class,
    object_property_parse,
)
from emu.softmmu.vl.structs import vl_c
from emu.trace import Struct, emulates
from emu.util.error_report import error_printf, error_report
from emu.util.qemu_config import qemu_find_opts
from emu.util.qemu_option import QemuOpts, qemu_opt_foreach, qemu_opt_get, qemu_opts_foreach, qemu_opts_parse_noisily


class InitFailed(Struct):
    """``bool init_failed``, whose address is passed on."""

    value: bool = False


@emulates
def object_parse_property_opt(obj: Object, name: str, value: str, skip: str) -> int:
    """softmmu/vl.c. Sets a property from text, unless it is ``skip``. Error: there is none, or it refuses."""
    if name == skip:
        return 0

    object_property_parse(obj, name, value)

    return 0


@emulates
def accelerator_set_property(opaque: Any, name: str, value: str) -> int:
    """softmmu/vl.c."""
    return object_parse_property_opt(OBJECT(opaque), name, value, "accel")


def _kvm_without_device() -> int:
    """What KVM's init_machine does on a host that has no ``/dev/kvm`` (accel/kvm/kvm-all.c)."""
    error_printf(f"Could not access KVM kernel module: {strerror(errno.ENOENT)}\n")
    return -errno.ENOENT


@emulates
def do_configure_accelerator(opaque: InitFailed, opts: QemuOpts) -> int:
    """softmmu/vl.c. Returns 1 when one accelerator could be started, 0 after a message. Error: a property is wrong."""
    acc = qemu_opt_get(opts, "accel")
    assert acc is not None
    ac = accel_find(acc)
    qtest_with_kvm = acc == "kvm" and vl_c().qtest_chrdev is not None

    if acc == "kvm" and "/dev/kvm" not in host().files:
        opaque.value = True
        ret = _kvm_without_device()
        if not qtest_with_kvm:
            error_report(f"failed to initialize {acc}: {strerror(-ret)}")
        return 0

    if not ac:
        opaque.value = True
        if not qtest_with_kvm:
            error_report(f"invalid accelerator {acc}")
        return 0
    accel = ACCEL(object_new_with_class(OBJECT_CLASS(ac)))
    object_apply_compat_props(OBJECT(accel))
    with error_fatal():
        qemu_opt_foreach(opts, accelerator_set_property, accel)

    ret = accel_init_machine(accel, current_machine())
    if ret < 0:
        opaque.value = True
        if not qtest_with_kvm or ret != -errno.ENOENT:
            error_report(f"failed to initialize {acc}: {strerror(-ret)}")
        return 0

    return 1


@emulates
def configure_accelerators(progname: str) -> None:
    """softmmu/vl.c. Takes the first accelerator of the list that can be started; exits if none can."""
    own = vl_c()
    init_failed = InitFailed()
    accel_opts = qemu_find_opts("accel")

    if not len(accel_opts.head):
        if own.accelerators is None:
            own.accelerators = "kvm:tcg" if progname.endswith("kvm") else own.default_accelerators

        for each in own.accelerators.split(":"):
            if accel_find(each) or each == "kvm":
                qemu_opts_parse_noisily(accel_opts, each, True)
            else:
                init_failed.value = True
                error_report(f"invalid accelerator {each}")
    elif own.accelerators is not None:
        error_report('The -accel and "-machine accel=" options are incompatible')
        raise QemuExit(1)

    with error_fatal():
        configured = qemu_opts_foreach(accel_opts, do_configure_accelerator, init_failed)
    if not configured:
        if not init_failed.value:
            error_report("no accelerator found")
        raise QemuExit(1)

    if init_failed.value and own.qtest_chrdev is None:
        error_report(f"falling back to {current_accel_name()}")
