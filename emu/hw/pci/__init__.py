"""PCI. ``pci.c`` comes first: it and the other files of this directory refer to each other."""

import emu.hw.pci.pci
