"""PCI Express: capabilities, links, slots (hw/pci/pcie.c)."""

from emu.hw.pci.pci.express import pcie_cap_get_type, pcie_sync_bridge_lnk
from emu.hw.pci.pcie.cap import (
    pcie_cap_arifwd_init,
    pcie_cap_arifwd_reset,
    pcie_cap_deverr_init,
    pcie_cap_deverr_reset,
    pcie_cap_exit,
    pcie_cap_flags_get_vector,
    pcie_cap_flags_set_vector,
    pcie_cap_flr_init,
    pcie_cap_flr_write_config,
    pcie_cap_init,
    pcie_cap_is_arifwd_enabled,
    pcie_cap_lnkctl_init,
    pcie_cap_lnkctl_reset,
    pcie_cap_root_init,
    pcie_cap_root_reset,
    pcie_cap_v1_exit,
    pcie_cap_v1_init,
    pcie_endpoint_cap_init,
    pcie_endpoint_cap_v1_init,
)
from emu.hw.pci.pcie.ext import (
    pcie_acs_init,
    pcie_acs_reset,
    pcie_add_capability,
    pcie_ari_init,
    pcie_ats_init,
    pcie_dev_ser_num_init,
    pcie_find_capability,
)
from emu.hw.pci.pcie.slot import (
    pcie_cap_slot_enable_power,
    pcie_cap_slot_get,
    pcie_cap_slot_init,
    pcie_cap_slot_plug_cb,
    pcie_cap_slot_pre_plug_cb,
    pcie_cap_slot_push_attention_button,
    pcie_cap_slot_reset,
    pcie_cap_slot_unplug_cb,
    pcie_cap_slot_unplug_request_cb,
    pcie_cap_slot_write_config,
)
from emu.hw.pci.pcie.structs import COMPAT_PROP_PCP
