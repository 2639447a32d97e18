"""The character device on a socket (chardev/char-socket.c)."""

from emu.chardev.char_socket.structs import SOCKET_CHARDEV, TYPE_CHARDEV_SOCKET, SocketChardev

__all__ = ["SOCKET_CHARDEV", "TYPE_CHARDEV_SOCKET", "SocketChardev"]
