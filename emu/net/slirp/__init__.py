"""The user backend: a network in the process itself, by libslirp (net/slirp.c)."""

from emu.net.slirp.init import net_init_slirp
from emu.net.slirp.structs import SlirpState

__all__ = ["SlirpState", "net_init_slirp"]
