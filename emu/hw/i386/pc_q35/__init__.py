"""The Q35 board (hw/i386/pc_q35.c)."""
