"""Making character devices (chardev/char.c)."""

from __future__ import annotations

from typing import Any

from emu.chardev.compat import qemu_chr_parse_compat
from emu.chardev.structs import (
    CHARDEV,
    CHARDEV_CLASS,
    CHARDEV_GET_CLASS,
    CHR_EVENT_CLOSED,
    CHR_EVENT_OPENED,
    TYPE_CHARDEV,
    TYPE_CHARDEV_MUX,
    Chardev,
    ChardevBackend,
    ChardevClass,
)
from emu.errors import NotModelled
from emu.qapi.error import Error, error_report_err, error_setg, errp_guard
from emu.qemu.module import type_init
from emu.qom.container import container_get
from emu.qom.object import (
    OBJECT,
    OBJECT_CLASS,
    TYPE_OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    module_object_class_by_name,
    object_class_dynamic_cast,
    object_class_get_list,
    object_class_get_name,
    object_class_is_abstract,
    object_get_root,
    object_new,
    object_property_try_add_child,
    object_resolve_path_component,
    object_unparent,
    object_unref,
    type_register_static,
)
from emu.trace import emulates, recorder
from emu.util.error_report import warn_report_once
from emu.util.qemu_option import (
    QEMU_OPT_BOOL,
    QEMU_OPT_NUMBER,
    QEMU_OPT_SIZE,
    QEMU_OPT_STRING,
    QemuOptDesc,
    QemuOpts,
    is_help_option,
    opts_list,
    qemu_opt_get,
    qemu_opt_get_bool,
    qemu_opts_del,
    qemu_opts_id,
)

_S, _N, _B, _Z = QEMU_OPT_STRING, QEMU_OPT_NUMBER, QEMU_OPT_BOOL, QEMU_OPT_SIZE

qemu_chardev_opts = opts_list(
    "chardev",
    implied_opt_name="backend",
    desc=tuple(
        QemuOptDesc(name, type_)
        for type_, names in (
            (_S, ("backend", "path", "host", "port", "fd", "localaddr", "localport")),
            (_N, ("to",)),
            (_B, ("ipv4", "ipv6", "wait", "server", "delay", "nodelay")),
            (_N, ("reconnect",)),
            (_B, ("telnet", "tn3270")),
            (_S, ("tls-creds", "tls-authz")),
            (_B, ("websocket",)),
            (_N, ("width", "height", "cols", "rows")),
            (_B, ("mux", "signal")),
            (_S, ("name",)),
            (_N, ("debug",)),
            (_Z, ("size",)),
            (_S, ("chardev",)),
            (_B, ("append",)),
            (_S, ("logfile",)),
            (_B, ("logappend", "mouse", "clipboard", "tight", "abstract")),
        )
        for name in names
    ),
)

ALIASES = {"parport": "parallel", "tty": "serial"}
"""Former names of kinds (``chardev_alias_table``)."""


@emulates
def get_chardevs_root() -> Object:
    """chardev/char.c."""
    return container_get(object_get_root(), "/chardevs")


@emulates
def qemu_chr_cleanup() -> None:
    """chardev/char.c. Gives all devices back, at the end."""
    object_unparent(get_chardevs_root())


@emulates
def chr_be_event(s: Chardev, event: int) -> None:
    """chardev/char.c. Passes an event on to who holds the device."""
    be = s.be

    if not be or not be.chr_event:
        return

    be.chr_event(be.opaque, event)


@emulates
def qemu_chr_be_event(s: Chardev, event: int) -> None:
    """chardev/char.c. The device was opened, closed, ..."""
    if event == CHR_EVENT_OPENED:
        s.be_open = True
    elif event == CHR_EVENT_CLOSED:
        s.be_open = False

    handler = CHARDEV_GET_CLASS(s).chr_be_event
    assert handler
    handler(s, event)


@emulates
def char_init(obj: Object) -> None:
    """chardev/char.c."""
    CHARDEV(obj).logfd = -1


@emulates
def char_finalize(obj: Object) -> None:
    """chardev/char.c."""
    chr_ = CHARDEV(obj)

    if chr_.be:
        chr_.be.chr = None


@emulates
def null_chr_write(chr_: Chardev, buf: bytes, len: int) -> int:
    """chardev/char.c."""
    return len


@emulates
def char_class_init(oc: ObjectClass, data: Any) -> None:
    """chardev/char.c."""
    cc = CHARDEV_CLASS(oc)

    cc.chr_write = null_chr_write
    cc.chr_be_event = chr_be_event


char_type_info = TypeInfo(
    name=TYPE_CHARDEV,
    parent=TYPE_OBJECT,
    instance=Chardev,
    instance_init=char_init,
    instance_finalize=char_finalize,
    abstract=True,
    class_=ChardevClass,
    class_init=char_class_init,
)


@type_init
@emulates
def register_types() -> None:
    """chardev/char.c."""
    type_register_static(char_type_info)


@emulates
def qemu_char_open(chr_: Chardev, backend: ChardevBackend | None) -> bool:
    """chardev/char.c. Opens the device; returns whether it is open at once. Error: it cannot be opened."""
    cc = CHARDEV_GET_CLASS(chr_)

    if backend and backend.logfile is not None:
        raise NotModelled("a log file of a character device")

    return cc.open(chr_, backend) if cc.open else True


@emulates
def qemu_chr_find(name: str) -> Chardev | None:
    """chardev/char.c. Returns the device of an id."""
    obj = object_resolve_path_component(get_chardevs_root(), name)

    return CHARDEV(obj) if obj else None


def qemu_chr_set_feature(chr_: Chardev, feature: int) -> None:
    """Note that a device can do something (chardev/char.c)."""
    chr_.features |= 1 << feature


def qemu_chr_has_feature(chr_: Chardev, feature: int) -> bool:
    """Tell whether a device can do something (chardev/char.c)."""
    return bool(chr_.features & (1 << feature))


@emulates
def char_get_class(driver: str) -> ChardevClass:
    """chardev/char.c. Error: there is no such kind."""
    oc = module_object_class_by_name(f"chardev-{driver}")

    if oc is None or not object_class_dynamic_cast(oc, TYPE_CHARDEV):
        error_setg(f"'{driver}' is not a valid char driver name")

    if object_class_is_abstract(oc):
        error_setg("Parameter 'driver' expects a non-abstract device type")

    cc = CHARDEV_CLASS(oc)
    if cc.internal:
        error_setg(f"'{driver}' is not a valid char driver name")

    return cc


def chardev_alias_translate(name: str | None) -> str | None:
    """Return the present name of a kind, with a warning if it has changed (chardev/char.c)."""
    if name is None or name not in ALIASES:
        return name
    warn_report_once(f"The alias '{name}' is deprecated, use '{ALIASES[name]}' instead")
    return ALIASES[name]


def qemu_chr_parse_common(opts: QemuOpts, backend: ChardevBackend) -> None:
    """Read the options that every kind has (chardev/char.c)."""
    logfile = qemu_opt_get(opts, "logfile")
    if logfile is not None:
        backend.logfile = logfile

    backend.logappend = qemu_opt_get_bool(opts, "logappend", False)


@emulates
def qemu_chr_parse_opts(opts: QemuOpts) -> ChardevBackend:
    """chardev/char.c. Error: no such kind, or options that do not fit it."""
    name = chardev_alias_translate(qemu_opt_get(opts, "backend"))

    if name is None:
        error_setg(f'chardev: "{qemu_opts_id(opts)}" missing backend')

    cc = char_get_class(name)

    backend = ChardevBackend()
    if cc.parse:
        with errp_guard():
            cc.parse(opts, backend)
    else:
        qemu_chr_parse_common(opts, backend)

    return backend


@emulates
def chardev_new(id: str, typename: str, backend: ChardevBackend | None) -> Chardev:
    """chardev/char.c. Makes and opens a device. Error: it cannot be opened."""
    obj = object_new(typename)
    chr_ = CHARDEV(obj)
    chr_.label = id

    try:
        with errp_guard():
            be_opened = qemu_char_open(chr_, backend)
    except Error:
        object_unref(obj)
        raise

    if chr_.filename is None:
        chr_.filename = typename.removeprefix("chardev-")
    if be_opened:
        qemu_chr_be_event(chr_, CHR_EVENT_OPENED)

    return chr_


@emulates
def qemu_chardev_new(id: str, typename: str, backend: ChardevBackend | None) -> Chardev:
    """chardev/char.c. Makes a device below ``/chardevs``. Error: it cannot be opened, or the id is taken."""
    chr_ = chardev_new(id, typename, backend)

    try:
        object_property_try_add_child(get_chardevs_root(), id, OBJECT(chr_))
    finally:
        object_unref(OBJECT(chr_))

    return chr_


@emulates
def qemu_chr_new_from_opts(opts: QemuOpts) -> Chardev | None:
    """chardev/char.c. Makes the device of one ``-chardev``; None after help. Error: it cannot be made."""
    name = chardev_alias_translate(qemu_opt_get(opts, "backend"))
    id = qemu_opts_id(opts)

    if name is not None and is_help_option(name):
        classes = [klass for klass in object_class_get_list(TYPE_CHARDEV, False) if not CHARDEV_CLASS(klass).internal]
        names = "".join(f"\n  {object_class_get_name(klass).removeprefix('chardev-')}" for klass in classes)
        recorder().message("stdout", f"Available chardev backend types: {names}\n")
        return None

    if id is None:
        error_setg("chardev: no id specified")

    backend = qemu_chr_parse_opts(opts)
    assert name is not None
    cc = char_get_class(name)

    mux = qemu_opt_get_bool(opts, "mux", False)
    chr_ = qemu_chardev_new(f"{id}-base" if mux else id, object_class_get_name(OBJECT_CLASS(cc)), backend)

    if mux:
        backend = ChardevBackend(type="mux", chardev=f"{id}-base")
        try:
            return qemu_chardev_new(id, TYPE_CHARDEV_MUX, backend)
        except Error:
            object_unparent(OBJECT(chr_))
            raise

    return chr_


@emulates
def qemu_chr_new_noreplay(label: str, filename: str, permit_mux_mon: bool) -> Chardev | None:
    """chardev/char.c. Makes a device from the short form (``stdio``, ``tcp:...``); None after a message."""
    from emu.monitor.hmp import monitor_init_hmp

    if filename.startswith("chardev:"):
        return qemu_chr_find(filename.removeprefix("chardev:"))

    opts = qemu_chr_parse_compat(label, filename, permit_mux_mon)
    if not opts:
        return None

    chr_: Chardev | None = None
    try:
        chr_ = qemu_chr_new_from_opts(opts)
        if chr_ and qemu_opt_get_bool(opts, "mux", False):
            assert permit_mux_mon
            monitor_init_hmp(chr_, True)
    except Error as err:
        error_report_err(err)
        if chr_:
            object_unparent(OBJECT(chr_))
            chr_ = None

    qemu_opts_del(opts)
    return chr_


@emulates
def qemu_chr_new_permit_mux_mon(label: str, filename: str, permit_mux_mon: bool) -> Chardev | None:
    """chardev/char.c."""
    return qemu_chr_new_noreplay(label, filename, permit_mux_mon)


@emulates
def qemu_chr_new(label: str, filename: str) -> Chardev | None:
    """chardev/char.c."""
    return qemu_chr_new_permit_mux_mon(label, filename, False)


@emulates
def qemu_chr_new_mux_mon(label: str, filename: str) -> Chardev | None:
    """chardev/char.c. The short form may begin with ``mon:``."""
    return qemu_chr_new_permit_mux_mon(label, filename, True)
