"""Uses of a group of options: parsing, converting, walking (util/qemu-option.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.qapi.error import Error, error_append_hint, error_report_err, error_setg, errp_guard
from emu.qobject.qdict import QDict, qdict_del, qdict_get_try_str, qdict_new, qdict_put_str
from emu.qobject.qobject import QObject
from emu.trace import emulates, g_free, recorder
from emu.util.error_report import loc_pop, loc_push_none, loc_restore, loc_save
from emu.util.id import id_wellformed
from emu.util.qemu_option.options import (
    find_desc_by_name,
    opt_set,
    opts_accepts_any,
    qemu_opt_del,
    qemu_opt_find,
    qemu_opt_parse,
    qemu_opt_set,
)
from emu.util.qemu_option.structs import QEMU_OPT_NUMBER, QEMU_OPT_SIZE, QEMU_OPT_STRING, QemuOptDesc, QemuOpts, QemuOptsList
from emu.util.qemu_option.text import get_opt_name_value, opts_parse_id

HELP_COLUMN = 24


def qemu_opts_find(list_: QemuOptsList, id_: str | None) -> QemuOpts | None:
    """Return the use of a group that has an id (None: that has none), None where there is none."""
    return next((opts for opts in list_.head if opts.id == id_), None)


@emulates
def qemu_opts_create(list_: QemuOptsList, id_: str | None, fail_if_exists: bool) -> QemuOpts:
    """Append a use of a group; one that merges lists has only one. Error: a malformed or duplicate id."""
    if list_.merge_lists:
        if id_ is not None:
            error_setg("Invalid parameter 'id'")
        opts = qemu_opts_find(list_, None)
        if opts is not None:
            return opts
    elif id_ is not None:
        assert fail_if_exists
        if not id_wellformed(id_):
            try:
                error_setg("Parameter 'id' expects an identifier")
            except Error as err:
                error_append_hint(err, "Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.\n")
                raise
        if qemu_opts_find(list_, id_) is not None:
            error_setg(f"Duplicate ID '{id_}' for {list_.name}")
    opts = QemuOpts(list_=list_, loc=loc_save(), **({} if id_ is None else {"id": id_}))
    list_.head.append(opts)
    return opts


def qemu_opts_id(opts: QemuOpts) -> str | None:
    """Return the id of a use, None where it has none."""
    return opts.id


def qemu_opts_set_id(opts: QemuOpts, id_: str | None) -> None:
    """Set the id of a use."""
    opts.id = id_


def qemu_opts_loc_restore(opts: QemuOpts) -> None:
    """Make the current location that of a use."""
    loc_restore(opts.loc)


@emulates
def qemu_opts_del(opts: QemuOpts | None) -> None:
    """Remove a use of a group with all its options."""
    if opts is None:
        return
    while len(opts.head):
        qemu_opt_del(opts.head[0])
    opts.list_.head.remove(opts)
    g_free(opts)


def qemu_opts_reset(list_: QemuOptsList) -> None:
    """Remove all uses of a group."""
    for opts in list(list_.head):
        qemu_opts_del(opts)


def opts_do_parse(opts: QemuOpts, params: str, firstname: str | None, *, warn_on_flag: bool, allow_help: bool) -> bool:
    """Append the options of ``params``; return false where one asks for help. Error: unknown, or of a wrong form."""
    at = 0
    while at < len(params):
        found = get_opt_name_value(params, at, firstname, warn_on_flag=warn_on_flag)
        at = found.end
        if allow_help and found.help:
            return False
        firstname = None
        if found.name != "id":
            opt_set(opts, found.name, found.value)
    return True


@emulates
def qemu_opts_do_parse(opts: QemuOpts, params: str, firstname: str | None) -> None:
    """Append the options of ``params``; the first may be a value alone, of ``firstname``. Error: unknown, or of a wrong form."""
    opts_do_parse(opts, params, firstname, warn_on_flag=False, allow_help=False)


def opts_parse(list_: QemuOptsList, params: str, permit_abbrev: bool, *, warn_on_flag: bool, allow_help: bool) -> QemuOpts | None:
    """Make a use of a group from ``params``, None where it asks for help. Error: malformed; nothing is left of it."""
    id_ = opts_parse_id(params)
    firstname = list_.implied_opt_name if permit_abbrev else None
    assert not permit_abbrev or firstname is not None
    opts = qemu_opts_create(list_, id_, not list_.merge_lists)
    try:
        done = opts_do_parse(opts, params, firstname, warn_on_flag=warn_on_flag, allow_help=allow_help)
    except Error:
        qemu_opts_del(opts)
        raise
    if not done:
        qemu_opts_del(opts)
        return None
    return opts


@emulates
def qemu_opts_parse(list_: QemuOptsList, params: str, permit_abbrev: bool) -> QemuOpts:
    """Make a use of a group from ``params``. Error: malformed."""
    opts = opts_parse(list_, params, permit_abbrev, warn_on_flag=False, allow_help=False)
    assert opts is not None
    return opts


@emulates
def qemu_opts_parse_noisily(list_: QemuOptsList, params: str, permit_abbrev: bool) -> QemuOpts | None:
    """Make a use of a group from ``params``; print an error or the help asked for, and return None then."""
    try:
        with errp_guard():
            opts = opts_parse(list_, params, permit_abbrev, warn_on_flag=True, allow_help=not opts_accepts_any(list_))
    except Error as err:
        error_report_err(err)
        return None
    if opts is None:
        qemu_opts_print_help(list_, True)
    return opts


def _option_text(obj: QObject) -> str | None:
    """Return a scalar as the text of an option, None for another value."""
    if isinstance(obj, bool):
        return "on" if obj else "off"
    if isinstance(obj, float):
        return f"{obj:.17g}"
    return str(obj) if isinstance(obj, (str, int)) else None


def qemu_opts_from_qdict_entry(opts: QemuOpts, key: str, obj: QObject) -> None:
    """Append an entry of a QDict; what is no scalar, and the id, is left out. Error: unknown, or of a wrong form."""
    text = _option_text(obj)
    if key != "id" and text is not None:
        qemu_opt_set(opts, key, text)


@emulates
def qemu_opts_from_qdict(list_: QemuOptsList, qdict: QDict) -> QemuOpts:
    """Make a use of a group from a QDict. Error: malformed."""
    opts = qemu_opts_create(list_, qdict_get_try_str(qdict, "id"), True)
    try:
        for key, obj in qdict.items():
            qemu_opts_from_qdict_entry(opts, key, obj)
    except Error:
        qemu_opts_del(opts)
        raise
    return opts


@emulates
def qemu_opts_absorb_qdict(opts: QemuOpts, qdict: QDict) -> None:
    """Move the entries of a QDict that the group describes into a use of it. Error: one is of a wrong form."""
    for key, obj in qdict.items():
        if opts_accepts_any(opts.list_) or find_desc_by_name(opts.list_.desc, key) is not None:
            qemu_opts_from_qdict_entry(opts, key, obj)
            qdict_del(qdict, key)


@emulates
def qemu_opts_to_qdict_filtered(opts: QemuOpts, qdict: QDict | None, list_: QemuOptsList | None, del_: bool) -> QDict:
    """Put the options (those that ``list_`` describes, if given) into a QDict as strings; ``del_`` removes them from ``opts``."""
    if qdict is None:
        qdict = qdict_new()
    if opts.id is not None:
        qdict_put_str(qdict, "id", opts.id)
    for opt in list(opts.head):
        if list_ is not None and find_desc_by_name(list_.desc, opt.name) is None:
            continue
        qdict_put_str(qdict, opt.name, opt.str_)
        if del_:
            qemu_opt_del(opt)
    return qdict


@emulates
def qemu_opts_to_qdict(opts: QemuOpts, qdict: QDict | None = None) -> QDict:
    """Put all options into a QDict as strings."""
    return qemu_opts_to_qdict_filtered(opts, qdict, None, False)


@emulates
def qemu_opts_validate(opts: QemuOpts, desc: tuple[QemuOptDesc, ...]) -> None:
    """Check the options of a group that takes anything against descriptions. Error: unknown, or of a wrong form."""
    assert opts_accepts_any(opts.list_)
    for opt in opts.head:
        opt.desc = find_desc_by_name(desc, opt.name)
        if opt.desc is None:
            error_setg(f"Invalid parameter '{opt.name}'")
        qemu_opt_parse(opt)


@emulates
def qemu_opts_foreach(list_: QemuOptsList, func: Callable[[Any, QemuOpts], int], opaque: Any) -> int:
    """Call a function with each use of a group, its location being current, until it returns something else than 0."""
    rc = 0
    loc = loc_push_none()
    try:
        for opts in list(list_.head):
            loc_restore(opts.loc)
            rc = func(opaque, opts)
            if rc:
                break
    finally:
        loc_pop(loc)
    return rc


def qemu_opts_append(dst: QemuOptsList | None, list_: QemuOptsList | None) -> QemuOptsList | None:
    """Add the descriptions of a group to those of ``dst`` (None: a new group without name), the first of a name staying."""
    if list_ is None:
        return dst
    if dst is None:
        dst = QemuOptsList()
    for desc in list_.desc:
        if find_desc_by_name(dst.desc, desc.name) is None:
            dst.desc = (*dst.desc, desc)
    return dst


def qemu_opts_print(opts: QemuOpts, separator: str) -> None:
    """Print a use of a group to stdout, commas in values doubled."""
    items = [] if opts.id is None else [f"id={opts.id}"]
    if opts_accepts_any(opts.list_):
        items += [f"{opt.name}={_escaped(opt.str_)}" for opt in opts.head]
    for desc in opts.list_.desc:
        opt = qemu_opt_find(opts, desc.name)
        value = opt.str_ if opt is not None else desc.def_value_str
        if value is None:
            continue
        if desc.type is QEMU_OPT_STRING:
            value = _escaped(value)
        elif opt is not None and desc.type in {QEMU_OPT_SIZE, QEMU_OPT_NUMBER}:
            value = str(opt.value)
        items.append(f"{desc.name}={value}")
    recorder().message("stdout", separator.join(items))


def _escaped(value: str) -> str:
    return value.replace(",", ",,")


def qemu_opts_print_help(list_: QemuOptsList, print_caption: bool) -> None:
    """Print the options of a group to stdout, sorted."""
    lines = [
        line if desc.help is None else f"{line:<{HELP_COLUMN}} - {desc.help}"
        for desc in list_.desc
        for line in [f"  {desc.name}=<{desc.type.value}>"]
    ]
    caption = ""
    if not lines:
        caption = f"There are no options for {list_.name}.\n" if list_.name else "No options available.\n"
    elif print_caption:
        caption = f"{list_.name} options:\n" if list_.name else "Options:\n"
    recorder().message("stdout", caption + "".join(f"{line}\n" for line in sorted(lines)))
