"""Floppy drives, flash memory, and what block devices share."""
