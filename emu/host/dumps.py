"""Files of the simulated host that are written: their bytes are kept."""

from __future__ import annotations

import errno

from emu.host.descriptors import Descriptor, Host, SimulatedError
from emu.host.outside import outside
from emu.trace import Struct


class FileData(Struct):
    """What stands in a file."""

    data: bytes = b""


class DumpFile(Descriptor):
    """A file that is open for writing."""

    file: FileData | None = None

    def write(self, data: bytes) -> None:
        """Append bytes."""
        assert self.file is not None
        if outside().is_real:
            outside().append(self, data)
        else:
            self.file.data += data

    def closed(self) -> None:
        """It is being closed."""
        outside().closed(self)


def open_dump(host: Host, path: str) -> int:
    """Open a file for writing, made or emptied. SimulatedError: ENOENT, EACCES, EISDIR, EMFILE."""
    if outside().is_real:
        made = DumpFile(file=FileData())
        outside().open_file(made, path)
        return host.open(made)
    kind = host.files.get(path)
    if kind == "directory" or not path.rpartition("/")[2]:
        raise SimulatedError(errno.EISDIR if kind == "directory" else errno.ENOENT)
    if kind == "denied":
        raise SimulatedError(errno.EACCES)
    if not host.has_folder_of(path):
        raise SimulatedError(errno.ENOENT)
    file = FileData()
    host.files[path] = "file"
    host.written[path] = file
    return host.open(DumpFile(file=file))
