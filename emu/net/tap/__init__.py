"""Backends on tap interfaces of the host: tap and bridge (net/tap.c)."""

from emu.net.tap.init import net_init_bridge, net_init_tap
from emu.net.tap.state import TAPState, tap_disable, tap_enable, tap_get_fd, tap_get_vhost_net

__all__ = ["TAPState", "net_init_bridge", "net_init_tap", "tap_disable", "tap_enable", "tap_get_fd", "tap_get_vhost_net"]
