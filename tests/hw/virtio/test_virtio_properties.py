"""The properties of virtio-net in all its forms are those of the real program, in its order, with its defaults."""

from __future__ import annotations

from typing import Any

import pytest
from conformance.qemu import qemu

from emu import run
from emu.qom.object.structs import ObjectProperty
from emu.qom.qom_qmp_cmds import qmp_device_list_properties

TYPES = ("virtio-net-device", "virtio-net-pci", "virtio-net-pci-transitional", "virtio-net-pci-non-transitional")


def described(prop: ObjectProperty) -> dict[str, Any]:
    found = {"name": prop.name, "type": prop.type, "description": prop.description, "default-value": prop.defval}
    return {key: value for key, value in found.items() if value is not None}


@pytest.mark.qemu
def test_device_list_properties() -> None:
    machine = run(["-nodefaults", "-M", "none"])
    with qemu("-nodefaults", "-M", "none") as real:
        for typename in TYPES:
            with machine.recorder.active():
                mine = [described(prop) for prop in qmp_device_list_properties(typename)]
            assert mine == real.command("device-list-properties", typename=typename)
