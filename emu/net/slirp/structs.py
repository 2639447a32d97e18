"""The structs of the user backend (net/slirp.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.host.libslirp import Slirp
from emu.net.net.structs import NetClientState
from emu.qom.parts import Part, caster
from emu.trace import Seq, Struct, embedded, per_run, seq
from emu.util.notify import Notifier
from emu.util.qemu_timer import QEMUTimer

SLIRP_CFG_HOSTFWD: Final = 1


class slirp_config_str(Struct):
    """A ``hostfwd`` (flags 1) or ``guestfwd`` (flags 0) that waits for its network."""

    flags: int = 0
    str_: str = ""


class GuestFwd(Struct):
    """A connection from the guest to a character device."""

    hd: Any = None
    server: int = 0
    port: int = 0
    slirp: Slirp | None = None


class SlirpState(Part):
    """The user backend (net/slirp.c). Begins with ``NetClientState nc``."""

    SIZE: ClassVar[int] = 464
    slirp: Slirp | None = None
    poll_notifier: Notifier = embedded(Notifier)
    exit_notifier: Notifier = embedded(Notifier)
    smb_dir: str | None = None
    fwd: Seq[GuestFwd] = seq()


class SlirpTimer(Struct):
    """A timer of the library."""

    timer: QEMUTimer = embedded(QEMUTimer)
    slirp: Slirp | None = None
    id: int = 0
    cb_opaque: Any = None


class SlirpStatics(Struct):
    """The static variables of net/slirp.c. ``slirp_configs``: the latest first."""

    slirp_configs: Seq[slirp_config_str] = seq()
    slirp_stacks: Seq[SlirpState] = seq()


slirp_c = per_run(SlirpStatics)

SLIRP_STATE = caster(SlirpState, "SlirpState")
SLIRP_NC = caster(NetClientState, "NetClientState")
