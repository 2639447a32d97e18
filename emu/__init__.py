"""An emulation of how QEMU brings its devices into being. Needs the standard library alone."""

from emu.program import VERSIONS, Run, run

__all__ = ["VERSIONS", "Run", "run"]
