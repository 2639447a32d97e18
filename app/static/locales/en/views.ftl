# Views of types, override chains, configuration space and objects.

view-skeleton = Objects, newest first
skeleton-label = { $count } objects
view-types = Types
view-overrides = Who realizes
view-config = Configuration space
view-objects = Objects


## Who realizes

ov-nothing = No class with a realize slot yet: classes come into being while the machine is selected.
ov-label = Classes of { $type }: DeviceClass.realize is { $name }; { $done ->
    [0] the card is never realized in this run
   *[other] { $done } calls through slots in this run
  }
ov-chain-card = The card: { $type }
ov-chain-inner = The device inside it: { $type }
ov-chain-other = To compare: { $type }
ov-order = In which order they are called
ov-no-class = no class yet
ov-copied-then = { $size } B of { $parent }, then
ov-copied-only = { $size } B of { $parent }
ov-copied = copied
ov-was = was
ov-by = by
ov-via = via
ov-failed = failed
ov-would = would be { $number }
ov-ahead = ahead
ov-open = running
ov-done = done
ov-head-slot = Slot
ov-head-function = Function in it
ov-head-old = Instead of
ov-head-by = By
ov-head-event = Event

head-class = Class

## Configuration space

cfg-nothing = No PCI function in this run yet.
cfg-label = Configuration space of { $name }: { $capabilities } capabilities in the chain, { $bars } base addresses registered
cfg-bytes = Bytes
cfg-header = Header, register by register
cfg-chain = Chain of capabilities
cfg-bars = Behind the base addresses
cfg-no-capabilities = no capability
cfg-no-bars = none registered
cfg-extended = Extended, from 0x100 on
cfg-fold = leave the zeros out
cfg-unfold = show all { $size } bytes
cfg-buffer-config = what the guest reads
cfg-buffer-wmask = which bits the guest may write
cfg-buffer-cmask = which bits migration checks
cfg-buffer-w1cmask = which bits the guest clears by writing 1
cfg-buffer-used = which bytes belong to capabilities
cfg-legend-header = header
cfg-legend-capability = capability
cfg-legend-writable = guest may write
cfg-region-ahead = not there yet
cfg-region-made = made, not registered yet
cfg-region-unmapped = made, not mapped yet
cfg-unregistered = not registered
cfg-choose = Choose a byte: here stands what it means, and every event that wrote it.
cfg-no-register = No register of the header or of a capability.
cfg-more-fields = and { $count } more
cfg-writes = { $count } writes
cfg-go = Go to event { $event }
cfg-head-offset = Offset
cfg-head-register = Register
cfg-head-value = Value
cfg-head-meaning = Meaning
cfg-head-writable = Writable bits
cfg-head-writer = Last written by
cfg-cap-PM = power management
cfg-cap-MSI = interrupts by message
cfg-cap-MSIX = interrupts by message, table in a BAR
cfg-cap-EXP = PCI Express
cfg-cap-VNDR = vendor-specific
cfg-cap-SSVID = subsystem ids of a bridge
cfg-cap-ERR = advanced error reporting
cfg-cap-ATS = address translation
cfg-cap-ACS = access control
cfg-cap-ARI = alternative routing ids
cfg-cap-DSN = serial number
cfg-cap-SHPC = hot-plug controller
cfg-cap-SLOTID = slot and chassis
cfg-cap-SATA = SATA registers
cfg-cap-AF = advanced features

## Registers

reg-PCI-VENDOR-ID = Who made the function; from PCIDeviceClass.vendor_id.
reg-PCI-DEVICE-ID = Which function of that maker it is; from PCIDeviceClass.device_id.
reg-PCI-COMMAND = What the guest lets the function do: answer in I/O and memory space, be bus master, interrupt.
reg-PCI-STATUS = What the function is capable of, and errors that it saw.
reg-PCI-REVISION-ID = Revision of the function; a virtio device that is modern only has 1 or more.
reg-PCI-CLASS-PROG = Programming interface within the class.
reg-PCI-CLASS-DEVICE = What kind of function it is: base class in the upper byte, subclass in the lower.
reg-PCI-CACHE-LINE-SIZE = Cache line size that the system sets, in units of four bytes.
reg-PCI-LATENCY-TIMER = How long a bus master may keep the bus.
reg-PCI-HEADER-TYPE = Layout of the header from 0x10 on; the top bit says that the slot has several functions.
reg-PCI-BIST = Built-in self test.
reg-PCI-BASE-ADDRESS = Base address: which space a region wants and how large it is; the guest writes where it shall be.
reg-PCI-CARDBUS-CIS = CardBus card information structure.
reg-PCI-SUBSYSTEM-VENDOR-ID = Who made the card that the function sits on.
reg-PCI-SUBSYSTEM-ID = Which card it is; of a legacy or transitional virtio device, its virtio device id.
reg-PCI-ROM-ADDRESS = Where the option ROM shall be; the lowest bit switches it on.
reg-PCI-ROM-ADDRESS1 = Where the option ROM of a bridge shall be.
reg-PCI-CAPABILITY-LIST = Offset of the first capability of the chain. A new capability goes to the front, so this changes with each.
reg-PCI-INTERRUPT-LINE = Which interrupt line the system gave it; of use to software only.
reg-PCI-INTERRUPT-PIN = Which interrupt pin the function uses: 1 is INTA#.
reg-PCI-MIN-GNT = How long a burst the function needs.
reg-PCI-MAX-LAT = How often the function needs the bus.
reg-PCI-CAP-LIST-ID = What kind of capability this is.
reg-PCI-CAP-LIST-NEXT = Offset of the next capability, 0 at the end.
reg-PCI-PRIMARY-BUS = Bus on the upstream side of the bridge.
reg-PCI-SECONDARY-BUS = Bus right behind the bridge.
reg-PCI-SUBORDINATE-BUS = Highest bus behind the bridge.
reg-PCI-BRIDGE-CONTROL = What the bridge passes on.
reg-PCI-MEMORY-BASE = Beginning of the memory behind the bridge.
reg-PCI-MEMORY-LIMIT = End of the memory behind the bridge.
reg-PCI-PREF-MEMORY-BASE = Beginning of the prefetchable memory behind the bridge.
reg-PCI-PREF-MEMORY-LIMIT = End of the prefetchable memory behind the bridge.
reg-PCI-IO-BASE = Beginning of the I/O space behind the bridge.
reg-PCI-IO-LIMIT = End of the I/O space behind the bridge.
reg-PCI-PM-PMC = Which power states the function knows.
reg-PCI-PM-CTRL = In which power state it is.
reg-PCI-MSI-FLAGS = How interrupts by message work here: how many, 64-bit addresses, masks.
reg-PCI-MSIX-FLAGS = Switches MSI-X on and masks it; the low bits are the number of vectors less one.
reg-PCI-MSIX-TABLE = Where the table of vectors is: BAR in the low three bits, offset in the others.
reg-PCI-MSIX-PBA = Where the pending bits are: BAR in the low three bits, offset in the others.
reg-PCI-EXP-FLAGS = Version of the capability, and what kind of port or endpoint this is.
reg-PCI-EXP-DEVCAP = What the device can do on the link: payload size, function level reset.
reg-PCI-EXP-DEVCTL = What the guest lets the device do on the link.
reg-PCI-EXP-LNKCAP = Speed and width that the link could have.
reg-PCI-EXP-LNKSTA = Speed and width that the link has.
reg-PCI-EXP-SLTCAP = What the slot behind the port has: hot plug, indicators.
reg-PCI-EXT-CAP-HEADER = Kind, version, and offset of the next extended capability.
reg-PCI-ERR-UNCOR-STATUS = Uncorrectable errors seen.
reg-PCI-ERR-UNCOR-SEVER = Which uncorrectable errors are fatal.
reg-PCI-ERR-COR-MASK = Correctable errors that are not reported.
reg-PCI-ATS-CAP = Queue depth and alignment of address translation.
reg-virtio-pci-cap-cap-len = Length of this capability, in bytes.
reg-virtio-pci-cap-cfg-type = Which structure of virtio this capability says the place of.
reg-virtio-pci-cap-bar = In which BAR the structure is.
reg-virtio-pci-cap-id = Tells several capabilities of the same type apart.
reg-virtio-pci-cap-padding = Fills up to a whole double word.
reg-virtio-pci-cap-offset = Where in the BAR the structure begins.
reg-virtio-pci-cap-length = How long the structure is.
reg-virtio-pci-notify-cap-notify-off-multiplier = A queue’s notify address is its queue_notify_off times this: 4, or a page with page-per-vq=on.
reg-virtio-pci-cfg-cap-pci-cfg-data = A window: what the guest reads or writes here goes to the BAR, offset and length set above.

## Fields of registers

bit-PCI-COMMAND-IO = answers in I/O space
bit-PCI-COMMAND-MEMORY = answers in memory space
bit-PCI-COMMAND-MASTER = may be bus master
bit-PCI-COMMAND-SERR = reports system errors
bit-PCI-COMMAND-PARITY = checks parity
bit-PCI-COMMAND-INTX-DISABLE = no interrupts by pin
bit-PCI-STATUS-CAP-LIST = there is a chain of capabilities
bit-PCI-STATUS-INTERRUPT = an interrupt is pending
bit-PCI-STATUS-DEVSEL-MASK = how fast it answers
bit-PCI-STATUS-66MHZ = works at 66 MHz
bit-PCI-STATUS-FAST-BACK = takes fast back-to-back writes
bit-PCI-HEADER-TYPE-MASK = layout of the header
bit-PCI-HEADER-TYPE-MULTI-FUNCTION = several functions in the slot
bit-PCI-BASE-ADDRESS-SPACE-IO = wants I/O space
bit-PCI-BASE-ADDRESS-MEM-TYPE-MASK = how wide the address is
bit-PCI-BASE-ADDRESS-MEM-PREFETCH = reading has no side effect
bit-PCI-ROM-ADDRESS-ENABLE = the ROM is switched on
bit-PCI-PM-CAP-VER-MASK = version
bit-PCI-PM-CTRL-STATE-MASK = power state
bit-PCI-MSI-FLAGS-ENABLE = switched on
bit-PCI-MSI-FLAGS-64BIT = 64-bit addresses
bit-PCI-MSI-FLAGS-MASKBIT = a mask for each vector
bit-PCI-MSIX-FLAGS-QSIZE = vectors less one
bit-PCI-MSIX-FLAGS-MASKALL = all masked
bit-PCI-MSIX-FLAGS-ENABLE = switched on
bit-PCI-MSIX-TABLE-BIR = BAR of the table
bit-PCI-MSIX-TABLE-OFFSET = offset in that BAR
bit-PCI-MSIX-PBA-BIR = BAR of the pending bits
bit-PCI-MSIX-PBA-OFFSET = offset in that BAR
bit-PCI-EXP-FLAGS-VERS = version
bit-PCI-EXP-FLAGS-TYPE = kind of device or port
bit-PCI-EXP-DEVCAP-FLR = can be reset alone
bit-PCI-EXP-DEVCAP-RBER = reports errors by role
bit-PCI-EXP-DEVCAP-PAYLOAD = largest payload
bit-PCI-EXP-LNKCAP-SLS = highest speed
bit-PCI-EXP-LNKCAP-MLW = lanes
bit-PCI-EXP-LNKSTA-CLS = speed
bit-PCI-EXP-LNKSTA-NLW = lanes
bit-PCI-EXT-CAP-ID = kind
bit-PCI-EXT-CAP-VER = version
bit-PCI-EXT-CAP-NEXT = offset of the next

## Types

ty-nothing = No type is registered yet.
ty-label = { $total } types: { $registered } registered, { $initialized } with a class
ty-buses = buses
ty-stage-info = TypeInfo
ty-stage-impl = TypeImpl
ty-stage-class = Class (ObjectClass)
ty-stage-instance = Instances (Object)
ty-about-info = A constant in a C file: what a programmer says about a type. It never changes.
ty-about-impl = QOM’s own record, made from it by type_register: what can be looked up by name, and remembers the class.
ty-about-class = One for all instances, made once by type_initialize: the parent’s class is copied, then class_init overwrites.
ty-about-instance = One for each device, made by object_new: instance_init from the root down; it points to its class.
ty-root = root of all types
ty-unregistered = not registered yet
ty-no-class = no class yet: type_initialize has not run
ty-fields = { $count } written
ty-abstract = abstract: no instance
ty-no-instance = none yet
ty-instances = { $count ->
    [one] 1 instance
   *[other] { $count } instances
  }
ty-yes = yes
ty-head-type = Type
ty-head-parent = Parent
ty-head-class = Class struct
ty-head-instance = Instance struct
ty-head-sizes = Sizes (class / instance)
ty-head-abstract = Abstract
ty-head-class-init = class_init
ty-head-instance-init = instance_init
ty-head-realize = realize written here
ty-head-interfaces = Interfaces
ty-head-state = State

## Objects

ob-label = { $name }; { $clients } ends of network links in net_clients
ob-memory = { $type } in memory: { $size } bytes
ob-none = No card in this run yet
ob-members = all members
ob-fewer = objects only
ob-rest = other members
ob-net = Ends of network links (net_clients)
ob-no-clients = none yet
ob-buses = Buses and devices
ob-qom = QOM’s tree: who is whose child
ob-fields = Fields of { $name }
ob-ahead = not there yet
ob-behind = { $devices } on { $buses ->
    [one] 1 bus
   *[other] { $buses } buses
  }
ob-unrealized = not realized
ob-side-nic = card
ob-side-hub = hub port
ob-side-backend = backend
ob-queue = queue { $queue }
ob-link-down = link down
ob-freed = Given back:
ob-send = send
ob-send-hint = Give the machine the command: { $command }
ob-unlisted = not in the list
ob-head-what = What
ob-head-where = Where
ob-head-more = More
