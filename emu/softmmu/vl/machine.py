"""Which machine: look-up, help, creation, its options (softmmu/vl.c)."""

from __future__ import annotations

from functools import cmp_to_key

from emu.errors import NotModelled, QemuExit
from emu.hw.core.machine import MACHINE, MACHINE_CLASS, TYPE_MACHINE, MachineClass, current_machine, machine_globals
from emu.hw.core.sysbus import sysbus_get_default
from emu.qapi.error import Error, error_abort, error_append_hint, error_fatal, error_setg, errp_guard
from emu.qobject.qdict import (
    QDict,
    qdict_del,
    qdict_get,
    qdict_get_try_str,
    qdict_haskey,
    qdict_new,
    qdict_put,
    qdict_put_str,
)
from emu.qom.container import container_get
from emu.qom.object import (
    OBJECT,
    OBJECT_CLASS,
    object_class_get_list,
    object_class_get_name,
    object_get_root,
    object_new_with_class,
    object_property_add_child,
    object_register_sugar_prop,
    object_set_machine_compat_props,
)
from emu.qom.object_interfaces import object_set_properties_from_keyval, type_print_class_properties
from emu.softmmu.physmem import cpu_exec_init_all
from emu.softmmu.vl.structs import vl_c
from emu.source import installed_program
from emu.trace import emulates, recorder
from emu.util.error_report import error_report, loc_pop, loc_push_none
from emu.util.keyval import keyval_merge, keyval_parse, keyval_parse_help
from emu.util.osdep import qemu_set_hw_version
from emu.util.qemu_config import qemu_find_opts_singleton
from emu.util.qemu_option import (
    QemuOptsList,
    qemu_opt_get,
    qemu_opt_get_size,
    qemu_opts_loc_restore,
    qemu_opts_print_help,
)


@emulates
def find_machine(name: str, machines: list[MachineClass]) -> MachineClass | None:
    """softmmu/vl.c. Returns the machine of a name or alias."""
    return next((mc for mc in machines if name in {mc.name, mc.alias}), None)


@emulates
def find_default_machine(machines: list[MachineClass]) -> MachineClass | None:
    """softmmu/vl.c. Returns the machine that goes without saying."""
    defaults = [mc for mc in machines if mc.is_default]
    assert len(defaults) <= 1, "Multiple default machines"
    return defaults[0] if defaults else None


def machine_class_cmp(mc1: MachineClass, mc2: MachineClass) -> int:
    """Order machines for people: families by name, in each the latest first, then machines without family (softmmu/vl.c)."""
    names = [object_class_get_name(OBJECT_CLASS(mc)) for mc in (mc1, mc2)]
    up = (names[0] > names[1]) - (names[0] < names[1])
    if mc1.family is None:
        return up if mc2.family is None else 1
    if mc2.family is None:
        return -1
    if mc1.family != mc2.family:
        return 1 if mc1.family > mc2.family else -1
    return -up


def _machines() -> list[MachineClass]:
    return [MACHINE_CLASS(klass) for klass in object_class_get_list(TYPE_MACHINE, False)]


@emulates
def machine_help_func(qdict: QDict) -> None:
    """softmmu/vl.c. ``-machine help``; with a type, the properties of that machine."""
    machines = _machines()
    type = qdict_get_try_str(qdict, "type")
    if type is not None:
        machine_class = find_machine(type, machines)
        if machine_class:
            type_print_class_properties(object_class_get_name(OBJECT_CLASS(machine_class)))
            return

    own = {}
    for mc in sorted(machines, key=cmp_to_key(machine_class_cmp)):
        if mc.alias is not None:
            own[mc.alias] = f"{mc.alias:<20} {mc.desc} (alias of {mc.name})"
        default = " (default)" if mc.is_default else ""
        deprecated = " (deprecated)" if mc.deprecation_reason is not None else ""
        if mc.name is not None and mc.desc is not None:  # one that is not modelled has no words of its own
            own[mc.name] = f"{mc.name:<20} {mc.desc}{default}{deprecated}"
    lines = [own.get(line.split()[0], line) for line in installed_program("7.2")["machines"]]
    recorder().message("stdout", "".join(f"{line}\n" for line in ("Supported machines are:", *lines)))


@emulates
def machine_merge_property(propname: str, prop: QDict) -> None:
    """softmmu/vl.c. Error: it does not go with what was said before."""
    opts = qdict_new()
    qdict_put(opts, propname, prop)
    keyval_merge(vl_c().machine_opts_dict, opts)


@emulates
def machine_parse_property_opt(opts_list: QemuOptsList, propname: str, arg: str) -> None:
    """softmmu/vl.c. An option that stands for a property of the machine (``-smp``, ``-boot``)."""
    with error_fatal():
        prop, help = keyval_parse_help(arg, opts_list.implied_opt_name)
        if help:
            qemu_opts_print_help(opts_list, True)
            raise QemuExit(0)
        machine_merge_property(propname, prop)


@emulates
def select_machine(qdict: QDict) -> MachineClass:
    """softmmu/vl.c. Walks all machines, which initialises the class of nearly every type. Error: no such machine."""
    optarg = qdict_get_try_str(qdict, "type")
    machines = _machines()

    with errp_guard():
        try:
            if optarg is not None:
                machine_class = find_machine(optarg, machines)
                qdict_del(qdict, "type")
                if not machine_class and any(line.split()[0] == optarg for line in installed_program("7.2")["machines"]):
                    raise NotModelled(f"the machine {optarg}")
                if not machine_class:
                    error_setg("unsupported machine type")
            else:
                machine_class = find_default_machine(machines)
                if not machine_class:
                    error_setg("No machine specified, and there is no default")
        except Error as err:
            error_append_hint(err, "Use -machine help to list supported machines\n")
            raise
    return machine_class


@emulates
def keyval_dashify(qdict: QDict) -> None:
    """softmmu/vl.c. Writes keys with dashes. Error: both spellings are there."""
    for key, value in list(qdict.items()):
        if "_" not in key:
            continue
        new_key = key.replace("_", "-")
        if qdict_haskey(qdict, new_key):
            error_setg(f"Conflict between '{key}' and '{new_key}'")
        qdict_put(qdict, new_key, value)
        qdict_del(qdict, key)


@emulates
def qemu_apply_legacy_machine_options(qdict: QDict) -> None:
    """softmmu/vl.c. Takes out of ``-machine`` what is not a property of the machine."""
    with error_fatal():
        keyval_dashify(qdict)

    value = qdict_get_try_str(qdict, "accel")
    if value is not None:
        vl_c().accelerators = value
        qdict_del(qdict, "accel")

    for key, accels in (
        ("igd-passthru", ("xen",)),
        ("kvm-shadow-mem", ("kvm",)),
        ("kernel-irqchip", ("kvm", "whpx")),
    ):
        value = qdict_get_try_str(qdict, key)
        if value is not None:
            for accel in accels:
                object_register_sugar_prop(f"{accel}-accel", key, value, False)
            qdict_del(qdict, key)

    value = qdict_get_try_str(qdict, "memory-backend")
    if value is not None:
        if vl_c().mem_path is not None:
            error_report("'-mem-path' can't be used together with'-machine memory-backend'")
            raise QemuExit(1)

        vl_c().ram_memdev_id = value
        qdict_del(qdict, "memory-backend")

    prop = qdict_get(qdict, "memory")
    if prop is not None:
        vl_c().have_custom_ram_size = isinstance(prop, QDict) and qdict_haskey(prop, "size")


@emulates
def qemu_apply_machine_options(qdict: QDict) -> None:
    """softmmu/vl.c. Sets the machine's properties."""
    with error_fatal():
        object_set_properties_from_keyval(OBJECT(current_machine()), qdict, False)


@emulates
def parse_memory_options() -> None:
    """softmmu/vl.c. ``-m`` becomes the machine's property ``memory``; a bare number is MiB."""
    opts = qemu_find_opts_singleton("memory")

    loc = loc_push_none()
    qemu_opts_loc_restore(opts)

    prop = qdict_new()

    if qemu_opt_get_size(opts, "size", 0) != 0:
        mem_str = qemu_opt_get(opts, "size")
        assert mem_str
        qdict_put_str(prop, "size", f"{mem_str}M" if mem_str[-1] in "0123456789" else mem_str)

    for option, key in (("maxmem", "max-size"), ("slots", "slots")):
        value = qemu_opt_get(opts, option)
        if value is not None:
            qdict_put_str(prop, key, value)

    dict = qdict_new()
    qdict_put(dict, "memory", prop)
    with error_fatal():
        keyval_merge(vl_c().machine_opts_dict, dict)
    loc_pop(loc)


@emulates
def qemu_create_machine(qdict: QDict) -> None:
    """softmmu/vl.c. Selects the machine's class and makes the machine, with the system bus in it."""
    with error_fatal():
        machine_class = select_machine(qdict)
    object_set_machine_compat_props(machine_class.compat_props)

    machine = MACHINE(object_new_with_class(OBJECT_CLASS(machine_class)))
    machine_globals().current_machine = machine
    object_property_add_child(object_get_root(), "machine", OBJECT(machine))
    object_property_add_child(container_get(OBJECT(machine), "/unattached"), "sysbus", OBJECT(sysbus_get_default()))

    cpu_exec_init_all()

    if machine_class.hw_version is not None:
        qemu_set_hw_version(machine_class.hw_version)

    if machine_class.default_machine_opts is not None:
        with error_abort():
            default_opts = keyval_parse(machine_class.default_machine_opts, None)
            qemu_apply_legacy_machine_options(default_opts)
            object_set_properties_from_keyval(OBJECT(machine), default_opts, False)
