"""``-object`` (softmmu/vl.c): options are read at once, objects are made as late as they must."""

from __future__ import annotations

from collections.abc import Callable

from emu.errors import QemuExit
from emu.qapi.error import error_fatal, error_setg
from emu.qapi.opts_visitor import opts_visitor_new
from emu.qapi.qapi_types_qom import ObjectOptions, ObjectType_str
from emu.qapi.qapi_visit_qom import qapi_free_ObjectOptions, visit_type_ObjectOptions
from emu.qapi.qobject_input_visitor import qobject_input_visitor_new
from emu.qapi.visitor import Visitor
from emu.qobject.qjson import qobject_from_json
from emu.qom.object_interfaces import user_creatable_add_qapi, user_creatable_print_help
from emu.trace import Seq, Struct, emulates, g_free, per_run, seq
from emu.util.qemu_config import qemu_find_opts
from emu.util.qemu_option import qemu_opt_get, qemu_opts_parse_noisily


class ObjectOption(Struct):
    """An ``-object`` that was not made yet."""

    opts: ObjectOptions


class ObjectOpts(Struct):
    """The static variable ``object_opts`` of softmmu/vl.c."""

    object_opts: Seq[ObjectOption] = seq()


object_opts_c = per_run(ObjectOpts)


@emulates(file="softmmu/vl.c")
def object_option_add_visitor(v: Visitor) -> None:
    """softmmu/vl.c. Notes an object. Exits if the options do not fit."""
    with error_fatal():
        opt = ObjectOption(opts=visit_type_ObjectOptions(v, None))
    object_opts_c().object_opts.append(opt)


@emulates(file="softmmu/vl.c")
def object_option_parse(optarg: str) -> None:
    """softmmu/vl.c. One ``-object``. Exits after help, or if the options do not fit."""
    if optarg.startswith("{"):
        with error_fatal():
            v = qobject_input_visitor_new(qobject_from_json(optarg))
    else:
        opts = qemu_opts_parse_noisily(qemu_find_opts("object"), optarg, True)
        if not opts:
            raise QemuExit(1)

        type = qemu_opt_get(opts, "qom-type")
        if type is None:
            with error_fatal():
                error_setg("Parameter 'qom-type' is missing")
        if user_creatable_print_help(type, opts):
            raise QemuExit(0)

        v = opts_visitor_new(opts)

    object_option_add_visitor(v)


@emulates(file="softmmu/vl.c")
def object_option_foreach_add(type_opt_predicate: Callable[[str], bool]) -> None:
    """softmmu/vl.c. Makes the objects of the kinds that are due. Exits if one cannot be made."""
    for opt in tuple(object_opts_c().object_opts):
        if type_opt_predicate(ObjectType_str(opt.opts.qom_type)):
            with error_fatal():
                user_creatable_add_qapi(opt.opts)
            qapi_free_ObjectOptions(opt.opts)
            object_opts_c().object_opts.remove(opt)
            g_free(opt)
