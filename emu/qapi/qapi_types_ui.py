"""Windows and other displays (qapi/ui.json)."""

from __future__ import annotations

from typing import ClassVar

from emu.qapi.qapi_struct import QapiStruct, visit_struct
from emu.qapi.qapi_util import QapiEnum
from emu.qapi.visitor import Visitor
from emu.trace import Struct, embedded


class DisplayType(QapiEnum):
    """Kind of a display, of those that Debian's QEMU knows."""

    DEFAULT = 0, "default"
    NONE = 1, "none"
    GTK = 2, "gtk"
    SDL = 3, "sdl"
    EGL_HEADLESS = 4, "egl-headless"
    CURSES = 5, "curses"
    SPICE_APP = 6, "spice-app"
    DBUS = 7, "dbus"


class DisplayGLMode(QapiEnum):
    """OpenGL: none, of any kind, desktop, embedded."""

    OFF = 0, "off"
    ON = 1, "on"
    CORE = 2, "core"
    ES = 3, "es"


class HotKeyMod(QapiEnum):
    """Keys that release the mouse."""

    LCTRL_LALT = 0, "lctrl-lalt"
    LSHIFT_LCTRL_LALT = 1, "lshift-lctrl-lalt"
    RCTRL = 2, "rctrl"


class DisplayGTK(QapiStruct):
    """``gtk``."""

    grab_on_hover: bool | None = None
    zoom_to_fit: bool | None = None
    show_tabs: bool | None = None
    show_menubar: bool | None = None


class DisplayEGLHeadless(QapiStruct):
    """``egl-headless``."""

    rendernode: str | None = None


class DisplayDBus(QapiStruct):
    """``dbus``."""

    rendernode: str | None = None
    addr: str | None = None
    p2p: bool | None = None
    audiodev: str | None = None


class DisplayCurses(QapiStruct):
    """``curses``."""

    charset: str | None = None


class DisplaySDL(QapiStruct):
    """``sdl``."""

    grab_mod: HotKeyMod | None = None


class DisplayUnion(Struct):
    """The branches of ``DisplayOptions``."""

    gtk: DisplayGTK
    egl_headless: DisplayEGLHeadless
    dbus: DisplayDBus
    curses: DisplayCurses
    sdl: DisplaySDL


class DisplayOptions(QapiStruct):
    """``-display``."""

    BRANCHES: ClassVar[tuple[str, dict[QapiEnum, str]] | None] = (
        "type",
        {
            DisplayType.GTK: "gtk",
            DisplayType.EGL_HEADLESS: "egl_headless",
            DisplayType.DBUS: "dbus",
            DisplayType.CURSES: "curses",
            DisplayType.SDL: "sdl",
        },
    )
    type: DisplayType
    full_screen: bool | None = None
    window_close: bool | None = None
    show_cursor: bool | None = None
    gl: DisplayGLMode | None = None
    u: DisplayUnion = embedded(DisplayUnion)


def visit_type_DisplayOptions(v: Visitor, name: str | None, obj: DisplayOptions | None = None) -> DisplayOptions:
    """Visit a display's options; an input visitor makes them. Error: they do not fit the schema."""
    return visit_struct(v, name, DisplayOptions, obj)
