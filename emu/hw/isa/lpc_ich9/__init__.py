"""The ICH9's LPC bridge (hw/isa/lpc_ich9.c)."""

from emu.hw.isa.lpc_ich9.device import ich9_lpc_pm_init
from emu.hw.isa.lpc_ich9.interrupts import ich9_lpc_map_irq, ich9_lpc_set_irq, ich9_route_intx_pin_to_irq
from emu.hw.isa.lpc_ich9.structs import (
    ICH9_GPIO_GSI,
    ICH9_LPC_DEV,
    ICH9_LPC_DEVICE,
    ICH9_LPC_FUNC,
    ICH9_LPC_NB_PIRQS,
    TYPE_ICH9_LPC_DEVICE,
    ICH9LPCState,
)

__all__ = [
    "ICH9_GPIO_GSI",
    "ICH9_LPC_DEV",
    "ICH9_LPC_DEVICE",
    "ICH9_LPC_FUNC",
    "ICH9_LPC_NB_PIRQS",
    "TYPE_ICH9_LPC_DEVICE",
    "ICH9LPCState",
    "ich9_lpc_map_irq",
    "ich9_lpc_pm_init",
    "ich9_lpc_set_irq",
    "ich9_route_intx_pin_to_irq",
]
