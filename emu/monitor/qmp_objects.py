"""``object-add`` and ``object-del`` (qom/qom-qmp-cmds.c)."""

from __future__ import annotations

from emu.monitor.qmp_commands import IdArguments, command
from emu.qapi.qapi_types_qom import ObjectOptions
from emu.qom.object_interfaces import user_creatable_add_qapi, user_creatable_del
from emu.trace import emulates


@emulates(file="qom/qom-qmp-cmds.c")
def qmp_object_add(options: ObjectOptions) -> None:
    """qom/qom-qmp-cmds.c. Error: the object cannot be made."""
    user_creatable_add_qapi(options)


@emulates(file="qom/qom-qmp-cmds.c")
def qmp_object_del(id: str) -> None:
    """qom/qom-qmp-cmds.c. Error: there is no such object, or it is in use."""
    user_creatable_del(id)


command("object-add", ObjectOptions, qmp_object_add)
command("object-del", IdArguments, lambda arg: qmp_object_del(arg.id))
