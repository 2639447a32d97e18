"""Message signalled interrupts with a table of their own (hw/pci/msix.c)."""

from emu.hw.pci.msix.notifiers import (
    msix_set_vector_notifiers,
    msix_unset_vector_notifiers,
)
from emu.hw.pci.msix.table import (
    MSIX_CAP_LENGTH,
    msix_init,
    msix_init_exclusive_bar,
    msix_reset,
    msix_uninit,
    msix_uninit_exclusive_bar,
    vmstate_msix,
)
from emu.hw.pci.msix.vectors import (
    msix_clr_pending,
    msix_enabled,
    msix_get_message,
    msix_is_masked,
    msix_notify,
    msix_nr_vectors_allocated,
    msix_present,
    msix_set_mask,
    msix_set_message,
    msix_set_pending,
    msix_unuse_all_vectors,
    msix_vector_unuse,
    msix_vector_use,
    msix_write_config,
)
