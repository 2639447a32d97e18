"""The standard hot-plug controller of a bridge (hw/pci/shpc.c)."""

from emu.hw.pci.shpc.controller import shpc_bar_size, shpc_cap_write_config, shpc_cleanup, shpc_free, shpc_init
from emu.hw.pci.shpc.plug import shpc_device_plug_cb, shpc_device_unplug_cb, shpc_device_unplug_request_cb
from emu.hw.pci.shpc.registers import SHPCDevice, shpc_present, shpc_reset
