"""Single options: looking up, reading with defaults, setting (util/qemu-option.c)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from emu.qapi.error import Error, error_setg
from emu.qapi.qapi_util import qapi_bool_parse
from emu.trace import emulates, g_free
from emu.util.qemu_option.structs import (
    QEMU_OPT_BOOL,
    QEMU_OPT_NUMBER,
    QEMU_OPT_SIZE,
    QemuOpt,
    QemuOptDesc,
    QemuOpts,
    QemuOptsList,
    QemuOptType,
)
from emu.util.qemu_option.text import is_help_option, parse_option_number, parse_option_size


def find_desc_by_name(desc: tuple[QemuOptDesc, ...], name: str) -> QemuOptDesc | None:
    """Return the description of an option, None where there is none."""
    return next((d for d in desc if d.name == name), None)


def find_default_by_name(opts: QemuOpts, name: str) -> str | None:
    """Return the default of an option, None where there is none."""
    desc = find_desc_by_name(opts.list_.desc, name)
    return desc.def_value_str if desc is not None else None


def opts_accepts_any(list_: QemuOptsList) -> bool:
    """Tell whether a group takes options of every name."""
    return not list_.desc


def qemu_opt_find(opts: QemuOpts, name: str) -> QemuOpt | None:
    """Return the last option of a name, None where there is none."""
    return next((opt for opt in reversed(opts.head) if opt.name == name), None)


def qemu_opt_del(opt: QemuOpt) -> None:
    """Remove an option."""
    opt.opts.head.remove(opt)
    g_free(opt)


def qemu_opt_del_all(opts: QemuOpts, name: str) -> None:
    """Remove all options of a name."""
    for opt in list(opts.head):
        if opt.name == name:
            qemu_opt_del(opt)


def qemu_opt_get(opts: QemuOpts | None, name: str) -> str | None:
    """Return the text of an option or its default, None where there is none."""
    if opts is None:
        return None
    opt = qemu_opt_find(opts, name)
    return opt.str_ if opt is not None else find_default_by_name(opts, name)


def qemu_opt_iter(opts: QemuOpts, name: str | None) -> Iterator[str]:
    """Walk the texts of all options of a name, of all for None (qemu_opt_iter_init, qemu_opt_iter_next)."""
    return (opt.str_ for opt in opts.head if name is None or opt.name == name)


def qemu_opt_get_del(opts: QemuOpts | None, name: str) -> str | None:
    """Return the text of an option or its default, and remove it."""
    text = qemu_opt_get(opts, name)
    if opts is not None:
        qemu_opt_del_all(opts, name)
    return text


def qemu_opt_has_help_opt(opts: QemuOpts) -> bool:
    """Tell whether an option is named ``help`` or ``?``."""
    return any(is_help_option(opt.name) for opt in opts.head)


def _parsed(opts: QemuOpts | None, name: str, type_: QemuOptType) -> bool | int | None:
    """Return the parsed value of an option or of its default, None where there is none."""
    if opts is None:
        return None
    opt = qemu_opt_find(opts, name)
    if opt is not None:
        assert opt.desc is not None
        assert opt.desc.type is type_
        return opt.value
    default = find_default_by_name(opts, name)
    return None if default is None else parse_as(type_, name, default)


def parse_as(type_: QemuOptType, name: str, text: str) -> bool | int:
    """Parse text as a type says. Error: it is none of it."""
    if type_ is QEMU_OPT_BOOL:
        return qapi_bool_parse(name, text)
    if type_ is QEMU_OPT_NUMBER:
        return parse_option_number(name, text)
    return parse_option_size(name, text)


def qemu_opt_get_bool(opts: QemuOpts | None, name: str, defval: bool) -> bool:
    """Return the boolean of an option that is described as one."""
    value = _parsed(opts, name, QEMU_OPT_BOOL)
    return defval if value is None else bool(value)


def qemu_opt_get_number(opts: QemuOpts | None, name: str, defval: int) -> int:
    """Return the number of an option that is described as one."""
    value = _parsed(opts, name, QEMU_OPT_NUMBER)
    return defval if value is None else value


def qemu_opt_get_size(opts: QemuOpts | None, name: str, defval: int) -> int:
    """Return the size of an option that is described as one."""
    value = _parsed(opts, name, QEMU_OPT_SIZE)
    return defval if value is None else value


def qemu_opt_get_bool_del(opts: QemuOpts, name: str, defval: bool) -> bool:
    """Return the boolean of an option, and remove it."""
    value = qemu_opt_get_bool(opts, name, defval)
    qemu_opt_del_all(opts, name)
    return value


def qemu_opt_get_number_del(opts: QemuOpts, name: str, defval: int) -> int:
    """Return the number of an option, and remove it."""
    value = qemu_opt_get_number(opts, name, defval)
    qemu_opt_del_all(opts, name)
    return value


def qemu_opt_get_size_del(opts: QemuOpts, name: str, defval: int) -> int:
    """Return the size of an option, and remove it."""
    value = qemu_opt_get_size(opts, name, defval)
    qemu_opt_del_all(opts, name)
    return value


def qemu_opt_parse(opt: QemuOpt) -> None:
    """Parse the text of an option as it is described. Error: it is none of that."""
    if opt.desc is not None and opt.desc.type in {QEMU_OPT_BOOL, QEMU_OPT_NUMBER, QEMU_OPT_SIZE}:
        opt.value = parse_as(opt.desc.type, opt.name, opt.str_)


def qemu_opt_unset(opts: QemuOpts, name: str) -> int:
    """Remove the last option of a name; return -1 where there is none."""
    assert opts_accepts_any(opts.list_)
    opt = qemu_opt_find(opts, name)
    if opt is None:
        return -1
    qemu_opt_del(opt)
    return 0


def opt_create(opts: QemuOpts, name: str, value: str) -> QemuOpt:
    """Append an option."""
    opt = QemuOpt(name=name, str_=value, opts=opts)
    opts.head.append(opt)
    return opt


def opt_validate(opt: QemuOpt) -> None:
    """Check an option against the descriptions of its group. Error: unknown, or of a wrong form."""
    list_ = opt.opts.list_
    desc = find_desc_by_name(list_.desc, opt.name)
    if desc is None and not opts_accepts_any(list_):
        error_setg(f"Invalid parameter '{opt.name}'")
    if desc is not None:
        opt.desc = desc
        qemu_opt_parse(opt)


def opt_set(opts: QemuOpts, name: str, value: str) -> None:
    """Append an option that fits its description. Error: it does not; it is removed again."""
    opt = opt_create(opts, name, value)
    try:
        opt_validate(opt)
    except Error:
        qemu_opt_del(opt)
        raise


@emulates
def qemu_opt_set(opts: QemuOpts, name: str, value: str) -> None:
    """Append an option. Error: unknown, or of a wrong form."""
    opt_set(opts, name, value)


def _append_parsed(opts: QemuOpts, name: str, value: bool | int, text: str) -> None:
    desc = find_desc_by_name(opts.list_.desc, name)
    if desc is None and not opts_accepts_any(opts.list_):
        error_setg(f"Invalid parameter '{name}'")
    opt = QemuOpt(name=name, str_=text, opts=opts, value=value)
    if desc is not None:
        opt.desc = desc
    opts.head.append(opt)


@emulates
def qemu_opt_set_bool(opts: QemuOpts, name: str, val: bool) -> None:
    """Append a boolean. Error: unknown."""
    _append_parsed(opts, name, val, "on" if val else "off")


@emulates
def qemu_opt_set_number(opts: QemuOpts, name: str, val: int) -> None:
    """Append a number. Error: unknown."""
    _append_parsed(opts, name, val, str(val))


@emulates
def qemu_opt_foreach(opts: QemuOpts, func: Callable[[object, str, str], int], opaque: object) -> int:
    """Call a function with each name and value until it returns something else than 0; return that."""
    for opt in opts.head:
        rc = func(opaque, opt.name, opt.str_)
        if rc:
            return rc
    return 0
