"""``-cpu`` (cpu.c)."""

from __future__ import annotations

from typing import Final

from emu.errors import NotModelled, QemuExit
from emu.hw.core.cpu_common import CPU_CLASS
from emu.qapi.error import error_fatal
from emu.qom.object import object_class_by_name, object_class_get_name, object_class_is_abstract
from emu.source import beyond_recorded
from emu.trace import emulates
from emu.util.error_report import error_report

CPU_TYPE_SUFFIX: Final = "-x86_64-cpu"


@emulates
def parse_cpu_option(cpu_option: str) -> str:
    """cpu.c. Returns the type that a model's name stands for; exits after a message if there is none."""
    model, _, features = cpu_option.partition(",")
    if not cpu_option:
        error_report("-cpu option cannot be empty")
        raise QemuExit(1)

    oc = object_class_by_name(model + CPU_TYPE_SUFFIX)
    if oc is None and beyond_recorded("7.2", model + CPU_TYPE_SUFFIX):
        # the host's own model: a type of the installed program alone, which the board's first CPU of it would refuse
        error_report(f"CPU model '{model}' requires KVM or HVF")
        raise QemuExit(1)
    if oc is None or object_class_is_abstract(oc):
        error_report(f"unable to find CPU model '{model}'")
        raise QemuExit(1)

    cpu_type = object_class_get_name(oc)
    parse_features = CPU_CLASS(oc).parse_features
    if features:
        if parse_features is None:
            raise NotModelled(f"the features of -cpu {cpu_option}")
        with error_fatal():
            parse_features(cpu_type, features)
    return cpu_type
