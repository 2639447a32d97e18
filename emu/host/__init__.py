"""The simulated host: what a command line would touch on a real one, as traced structs. Nothing of the real one is used."""

from emu.host.descriptors import Descriptor, Host, SimulatedError, host
from emu.host.sockets import HostSocket, InetAddress, UnixAddress

__all__ = ["Descriptor", "Host", "HostSocket", "InetAddress", "SimulatedError", "UnixAddress", "host"]
