"""The i440FX board (hw/i386/pc_piix.c)."""
