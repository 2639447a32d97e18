"""The static variables of net/net.c, one set a run."""

from __future__ import annotations

from emu.net.net.structs import NetStatics
from emu.trace import per_run

net_c = per_run(NetStatics)
