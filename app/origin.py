"""Who may talk to the server: the pages that it serves itself, under a name that is its own."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

LOCAL_NAMES = frozenset({"localhost"})


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this machine alone."""
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def same_origin(origin: str | None, host: str | None) -> bool:
    """Return whether a request comes from a page of this server. Programs that are no browsers send no ``Origin``."""
    if origin is None:
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and host is not None and parts.netloc.lower() == host.lower()


def host_allowed(host: str | None, bound: str) -> bool:
    """Return whether a ``Host`` header is one that a server bound to ``bound`` has.

    A server on loopback is called by a loopback name: any other one is a name that somebody pointed here (DNS rebinding).
    """
    if not is_loopback(bound):
        return True
    try:
        name = urlsplit(f"//{host or ''}").hostname
    except ValueError:
        return False
    return name is not None and is_loopback(name)
