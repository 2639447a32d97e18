"""The socket backend: another process, by an address in text (net/socket.c)."""

from emu.net.socket.init import net_init_socket
from emu.net.socket.state import NetSocketState

__all__ = ["NetSocketState", "net_init_socket"]
