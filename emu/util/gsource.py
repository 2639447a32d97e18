"""Sources of events that GLib's main loop looks at (GLib: gmain.c; io/channel-watch.c): sockets of the simulated host."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emu.host import HostSocket, host
from emu.trace import Seq, Struct, g_free, per_run, seq

G_IO_IN: Final = 1
G_IO_HUP: Final = 16

G_SOURCE_REMOVE: Final = False
G_SOURCE_CONTINUE: Final = True


class GSource(Struct):
    """A watch on a socket. ``callback`` returns whether it wants to be called again."""

    fd: int = -1
    condition: int = 0
    callback: Callable[[Any], bool] | None = None
    user_data: Any = None
    attached: bool = False


class GMainContext(Struct):
    """The sources of the default context, in the order in which they were attached."""

    sources: Seq[GSource] = seq()


g_main_context = per_run(GMainContext)


def g_source_attach(source: GSource, callback: Callable[[Any], bool], user_data: Any) -> None:
    """Let the main loop look at a source, behind those that it looks at already."""
    source.callback, source.user_data = callback, user_data
    source.attached = True
    g_main_context().sources.append(source)


def g_source_destroy(source: GSource) -> None:
    """Let the main loop forget a source."""
    if source.attached:
        source.attached = False
        g_main_context().sources.remove(source)
        g_free(source)


def _ready(source: GSource) -> bool:
    sock = host().descriptors.get(str(source.fd))
    if not isinstance(sock, HostSocket):
        return False
    return (bool(source.condition & G_IO_HUP) and sock.hung_up) or (bool(source.condition & G_IO_IN) and sock.readable())


def dispatch_sources() -> bool:
    """Call what waits for something that has happened, once each; tell whether there was any (``g_main_dispatch``)."""
    ready = [source for source in g_main_context().sources if _ready(source)]
    for source in ready:
        if source.attached:
            assert source.callback is not None
            if not source.callback(source.user_data):
                g_source_destroy(source)
    return bool(ready)
