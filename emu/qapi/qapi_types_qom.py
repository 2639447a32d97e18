"""Objects as options describe them (qapi/qom.json): every kind's name, the properties of those that are modelled."""

from __future__ import annotations

from typing import ClassVar, Final

from emu.errors import NotModelled
from emu.qapi.qapi_struct import QapiStruct, size, uint16, uint32
from emu.qapi.qapi_util import QapiEnum, QEnumLookup
from emu.trace import Seq, Struct, embedded


class ObjectType(QapiEnum):
    """Kinds of objects that can be asked for."""

    AUTHZ_LIST = 0, "authz-list"
    AUTHZ_LISTFILE = 1, "authz-listfile"
    AUTHZ_PAM = 2, "authz-pam"
    AUTHZ_SIMPLE = 3, "authz-simple"
    CAN_BUS = 4, "can-bus"
    CAN_HOST_SOCKETCAN = 5, "can-host-socketcan"
    COLO_COMPARE = 6, "colo-compare"
    CRYPTODEV_BACKEND = 7, "cryptodev-backend"
    CRYPTODEV_BACKEND_BUILTIN = 8, "cryptodev-backend-builtin"
    CRYPTODEV_BACKEND_LKCF = 9, "cryptodev-backend-lkcf"
    CRYPTODEV_VHOST_USER = 10, "cryptodev-vhost-user"
    DBUS_VMSTATE = 11, "dbus-vmstate"
    FILTER_BUFFER = 12, "filter-buffer"
    FILTER_DUMP = 13, "filter-dump"
    FILTER_MIRROR = 14, "filter-mirror"
    FILTER_REDIRECTOR = 15, "filter-redirector"
    FILTER_REPLAY = 16, "filter-replay"
    FILTER_REWRITER = 17, "filter-rewriter"
    INPUT_BARRIER = 18, "input-barrier"
    INPUT_LINUX = 19, "input-linux"
    IOTHREAD = 20, "iothread"
    MAIN_LOOP = 21, "main-loop"
    MEMORY_BACKEND_EPC = 22, "memory-backend-epc"
    MEMORY_BACKEND_FILE = 23, "memory-backend-file"
    MEMORY_BACKEND_MEMFD = 24, "memory-backend-memfd"
    MEMORY_BACKEND_RAM = 25, "memory-backend-ram"
    PEF_GUEST = 26, "pef-guest"
    PR_MANAGER_HELPER = 27, "pr-manager-helper"
    QTEST = 28, "qtest"
    RNG_BUILTIN = 29, "rng-builtin"
    RNG_EGD = 30, "rng-egd"
    RNG_RANDOM = 31, "rng-random"
    SECRET = 32, "secret"
    SECRET_KEYRING = 33, "secret_keyring"
    SEV_GUEST = 34, "sev-guest"
    THREAD_CONTEXT = 35, "thread-context"
    S390_PV_GUEST = 36, "s390-pv-guest"
    THROTTLE_GROUP = 37, "throttle-group"
    TLS_CREDS_ANON = 38, "tls-creds-anon"
    TLS_CREDS_PSK = 39, "tls-creds-psk"
    TLS_CREDS_X509 = 40, "tls-creds-x509"
    TLS_CIPHER_SUITES = 41, "tls-cipher-suites"
    X_REMOTE_OBJECT = 42, "x-remote-object"
    X_VFIO_USER_SERVER = 43, "x-vfio-user-server"


ObjectType_lookup: Final = QEnumLookup(ObjectType)


def ObjectType_str(val: int) -> str:
    """Return the name of a kind."""
    return ObjectType_lookup.array[val]


class NetFilterDirection(QapiEnum):
    """Which packets a filter sees: all, those on their way to the backend, those on their way from it."""

    ALL = 0, "all"
    RX = 1, "rx"
    TX = 2, "tx"


NetFilterDirection_lookup: Final = QEnumLookup(NetFilterDirection)


class NetfilterInsert(QapiEnum):
    """Where a filter stands beside another."""

    BEFORE = 0, "before"
    BEHIND = 1, "behind"


class HostMemPolicy(QapiEnum):
    """How memory is spread over the nodes of the host."""

    DEFAULT = 0, "default"
    PREFERRED = 1, "preferred"
    BIND = 2, "bind"
    INTERLEAVE = 3, "interleave"


class NetfilterProperties(QapiStruct):
    """What all filters share: the backend they are attached to, the direction, whether they are on, their place among others."""

    netdev: str
    queue: NetFilterDirection | None = None
    status: str | None = None
    position: str | None = None
    insert: NetfilterInsert | None = None


class FilterBufferProperties(NetfilterProperties):
    """``filter-buffer``: ``interval`` in microseconds."""

    interval: uint32


class FilterDumpProperties(NetfilterProperties):
    """``filter-dump``: ``maxlen`` in bytes."""

    file: str
    maxlen: uint32 | None = None


class FilterMirrorProperties(NetfilterProperties):
    """``filter-mirror``."""

    NAMES: ClassVar[dict[str, str]] = {"vnet_hdr_support": "vnet_hdr_support"}
    outdev: str
    vnet_hdr_support: bool | None = None


class FilterRedirectorProperties(NetfilterProperties):
    """``filter-redirector``."""

    NAMES: ClassVar[dict[str, str]] = {"vnet_hdr_support": "vnet_hdr_support"}
    indev: str | None = None
    outdev: str | None = None
    vnet_hdr_support: bool | None = None


class MemoryBackendProperties(QapiStruct):
    """``memory-backend-ram``."""

    NAMES: ClassVar[dict[str, str]] = {
        "x_use_canonical_path_for_ramblock_id": "x-use-canonical-path-for-ramblock-id",
    }
    dump: bool | None = None
    host_nodes: Seq[uint16] | None = None
    merge: bool | None = None
    policy: HostMemPolicy | None = None
    prealloc: bool | None = None
    prealloc_threads: uint32 | None = None
    prealloc_context: str | None = None
    share: bool | None = None
    reserve: bool | None = None
    size: size
    x_use_canonical_path_for_ramblock_id: bool | None = None


class MemoryBackendFileProperties(MemoryBackendProperties):
    """``memory-backend-file``."""

    NAMES: ClassVar[dict[str, str]] = MemoryBackendProperties.NAMES | {"discard_data": "discard-data", "mem_path": "mem-path"}
    align: size | None = None
    discard_data: bool | None = None
    mem_path: str
    pmem: bool | None = None
    readonly: bool | None = None


class MemoryBackendMemfdProperties(MemoryBackendProperties):
    """``memory-backend-memfd``."""

    hugetlb: bool | None = None
    hugetlbsize: size | None = None
    seal: bool | None = None


class UnmodelledProperties(QapiStruct):
    """Those of all other kinds. NotModelled: there are such."""

    def __init__(self) -> None:
        raise NotModelled("objects of this kind")


class ObjectOptionsUnion(Struct):
    """The branches of ``ObjectOptions`` that are modelled."""

    filter_buffer: FilterBufferProperties
    filter_dump: FilterDumpProperties
    filter_mirror: FilterMirrorProperties
    filter_redirector: FilterRedirectorProperties
    memory_backend_file: MemoryBackendFileProperties
    memory_backend_memfd: MemoryBackendMemfdProperties
    memory_backend_ram: MemoryBackendProperties
    unmodelled: UnmodelledProperties


MODELLED: Final = (
    ObjectType.FILTER_BUFFER,
    ObjectType.FILTER_DUMP,
    ObjectType.FILTER_MIRROR,
    ObjectType.FILTER_REDIRECTOR,
    ObjectType.MEMORY_BACKEND_FILE,
    ObjectType.MEMORY_BACKEND_MEMFD,
    ObjectType.MEMORY_BACKEND_RAM,
)
"""Kinds that can be made."""


class ObjectOptions(QapiStruct):
    """An object as options describe it."""

    BRANCHES: ClassVar[tuple[str, dict[QapiEnum, str]] | None] = (
        "qom_type",
        {kind: kind.text.replace("-", "_") if kind in MODELLED else "unmodelled" for kind in ObjectType},
    )
    qom_type: ObjectType
    id: str
    u: ObjectOptionsUnion = embedded(ObjectOptionsUnion)
