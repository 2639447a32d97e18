"""The human monitor's commands that ask or steer the machine (monitor/hmp-cmds.c)."""

from __future__ import annotations

from typing import Any

from emu.hw.pci.pci.query import qmp_query_pci
from emu.monitor.monitor import Monitor, hmp_handle_error, monitor_printf, monitor_suspend
from emu.monitor.qmp import query_version
from emu.monitor.qmp_cmds import (
    qmp_query_name,
    qmp_query_status,
    qmp_query_uuid,
    qmp_quit,
    qmp_stop,
    qmp_system_reset,
)
from emu.qapi.error import Error
from emu.qapi.qapi_types_run_state import RunState
from emu.qobject.qdict import QDict
from emu.softmmu.vl.init import qmp_cont
from emu.trace import emulates

MASK64 = (1 << 64) - 1


@emulates
def hmp_info_name(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c."""
    name = qmp_query_name()
    if name is not None:
        monitor_printf(mon, f"{name}\n")


@emulates
def hmp_info_version(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c."""
    info = query_version()
    qemu = info["qemu"]
    monitor_printf(mon, f"{qemu['major']}.{qemu['minor']}.{qemu['micro']}{info['package']}\n")


@emulates
def hmp_info_status(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c."""
    info = qmp_query_status()
    text = "running" if info["running"] else "paused"
    if not info["running"] and info["status"] != str(RunState.PAUSED):
        text += f" ({info['status']})"
    monitor_printf(mon, f"VM status: {text}\n")


@emulates
def hmp_info_uuid(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c."""
    monitor_printf(mon, f"{qmp_query_uuid()}\n")


def _bridge_lines(bridge: dict[str, Any]) -> str:
    bus = bridge["bus"]

    def window(name: str, digits: int) -> str:
        base, limit = bus[name]["base"] & MASK64, bus[name]["limit"] & MASK64
        return f"[0x{base:0{digits}x}, 0x{limit:0{digits}x}]"

    return (
        f"      BUS {bus['number']}.\n"
        f"      secondary bus {bus['secondary']}.\n"
        f"      subordinate bus {bus['subordinate']}.\n"
        f"      IO range {window('io_range', 4)}\n"
        f"      memory range {window('memory_range', 8)}\n"
        f"      prefetchable memory range {window('prefetchable_range', 8)}\n"
    )


def _region_line(region: dict[str, Any]) -> str:
    first = region["address"] & MASK64
    last = (first + region["size"] - 1) & MASK64
    if region["type"] == "io":
        return f"      BAR{region['bar']}: I/O at 0x{first:04x} [0x{last:04x}].\n"
    width = 64 if region["mem_type_64"] else 32
    prefetch = " prefetchable" if region["prefetch"] else ""
    return f"      BAR{region['bar']}: {width} bit{prefetch} memory at 0x{first:08x} [0x{last:08x}].\n"


@emulates
def hmp_info_pci_device(mon: Monitor, dev: dict[str, Any]) -> None:
    """monitor/hmp-cmds.c. A device, and what is behind it if it is a bridge."""
    ids, class_info = dev["id"], dev["class_info"]
    text = f"  Bus {dev['bus']:2d}, device {dev['slot']:3d}, function {dev['function']}:\n    "
    text += class_info.get("desc") or f"Class {class_info['class']:04d}"
    text += f": PCI device {ids['vendor']:04x}:{ids['device']:04x}\n"
    if "subsystem" in ids and "subsystem-vendor" in ids:
        text += f"      PCI subsystem {ids['subsystem-vendor']:04x}:{ids['subsystem']:04x}\n"
    if "irq" in dev:
        text += f"      IRQ {dev['irq']}, pin {chr(ord('A') + dev['irq_pin'] - 1)}\n"
    bridge = dev.get("pci_bridge")
    if bridge is not None:
        text += _bridge_lines(bridge)
    text += "".join(_region_line(region) for region in dev["regions"])
    monitor_printf(mon, text + f'      id "{dev["qdev_id"]}"\n')
    for behind in bridge.get("devices", ()) if bridge is not None else ():
        hmp_info_pci_device(mon, behind)


@emulates
def hmp_info_pci(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c."""
    for bus in qmp_query_pci():
        for dev in bus["devices"]:
            hmp_info_pci_device(mon, dev)


@emulates
def hmp_quit(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c."""
    monitor_suspend(mon)
    qmp_quit()


@emulates
def hmp_stop(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c."""
    qmp_stop()


@emulates
def hmp_cont(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c."""
    try:
        qmp_cont()
    except Error as err:
        hmp_handle_error(mon, err)


@emulates
def hmp_system_reset(mon: Monitor, qdict: QDict) -> None:
    """monitor/hmp-cmds.c."""
    qmp_system_reset()
