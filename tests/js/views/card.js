/** What the small machine does: types, classes, one virtio card on a bus with its backend, and an e1000 that stays a class. */

import { f, Machine, r } from "./machine.js";
import { SIZES, TYPES } from "./tables.js";

/** The whole story of the card; `stages` notes places worth looking at. */
export function card({ modern = true, legacy = true } = {}) {
  const m = new Machine();
  const stages = {};
  const impl = {};
  const klass = {};
  const chain = (name) => (name ? [...chain(TYPES.find((type) => type.name === name).parent), name] : []);
  const structsOf = (name, kind) => chain(name).map((step) => TYPES.find((type) => type.name === step)[kind]).filter(Boolean);

  const table = m.new("TypeTable", ["TypeTable"]);
  m.in("module_call_init", [3], () => {
    for (const type of TYPES) {
      m.in(type.register ?? `${type.name.replaceAll("-", "_")}_register_types`, [], () =>
        m.in("type_register_static", ["<TypeInfo>"], () => {
          const fields = { name: type.name };
          if (type.parent) fields.parent = type.parent;
          if (type.class) fields.class_size = SIZES[type.class];
          if (type.instance) fields.instance_size = SIZES[type.instance];
          for (const key of ["class_init", "instance_init"]) if (type[key]) fields[key] = f(type[key]);
          if (type.abstract) fields.abstract = true;
          if (type.interfaces) fields.interfaces = { l: type.interfaces };
          fields.num_interfaces = type.interfaces?.length ?? 0;
          m.in("type_new", ["<TypeInfo>"], () => {
            impl[type.name] = m.new("TypeImpl", ["TypeImpl"], fields);
          });
          m.insert(table, "type_table", type.name, r(impl[type.name]));
        }),
      );
    }
  });
  stages.registered = m.events.length;

  const INIT = {
    device_class_init: (c) => m.set(c, "DeviceClass.hotpluggable", true),
    pci_device_class_init: (c) => {
      m.set(c, "DeviceClass.realize", f("pci_qdev_realize"));
      m.set(c, "DeviceClass.unrealize", f("pci_qdev_unrealize"));
    },
    e1000_class_init: (c) => {
      m.set(c, "PCIDeviceClass.realize", f("pci_e1000_realize"));
      m.set(c, "PCIDeviceClass.class_id", 0x200);
    },
    virtio_device_class_init: (c) => m.set(c, "DeviceClass.realize", f("virtio_device_realize")),
    virtio_net_class_init: (c) => m.set(c, "VirtioDeviceClass.realize", f("virtio_net_device_realize")),
    virtio_pci_bus_class_init: (c) => m.set(c, "VirtioBusClass.device_plugged", f("virtio_pci_device_plugged")),
    virtio_pci_class_init: (c) => {
      m.set(c, "PCIDeviceClass.realize", f("virtio_pci_realize"));
      m.in("device_class_set_parent_realize", [r(c), f("virtio_pci_dc_realize"), r(c)], () => {
        m.set(c, "VirtioPCIClass.parent_dc_realize", m.get(c, "DeviceClass.realize"));
        stages.saved = m.events.length;
        m.set(c, "DeviceClass.realize", f("virtio_pci_dc_realize"));
        stages.flipped = m.events.length;
      });
    },
    virtio_pci_base_class_init: (c) =>
      m.in("virtio_net_pci_class_init", [r(c), null], () => {
        m.set(c, "PCIDeviceClass.class_id", 0x200);
        m.set(c, "VirtioPCIClass.realize", f("virtio_net_pci_realize"));
      }),
  };
  const initialize = (name) => {
    if (klass[name]) return klass[name];
    const type = TYPES.find((each) => each.name === name);
    return m.in("type_initialize", [r(impl[name])], () => {
      const own = chain(name);
      m.set(impl[name], "class_size", SIZES[structsOf(name, "class").at(-1)]);
      m.set(impl[name], "instance_size", SIZES[structsOf(name, "instance").at(-1)]);
      let fields = {};
      if (type.parent) {
        initialize(type.parent);
        fields = structuredClone(m.objects[klass[type.parent]].fields);
      }
      void own;
      klass[name] = m.new(name, structsOf(name, "class"), fields);
      m.set(impl[name], "class", r(klass[name]));
      m.set(klass[name], "ObjectClass.type", r(impl[name]));
      if (type.class_init) m.in(type.class_init, [r(klass[name]), null], () => void INIT[type.class_init]?.(klass[name]));
      return null;
    });
  };
  m.in("select_machine", [], () => {
    for (const name of ["e1000", "PCI", "virtio-net-device", "virtio-net-pci", "virtio-net-pci-transitional", "virtio-net-pci-non-transitional", "virtio-pci-bus"]) initialize(name);
  });
  stages.classes = m.events.length;

  const object = (type, extra = {}) => {
    const id = m.new(type, structsOf(type, "instance"), extra);
    m.set(id, "Object.class", r(klass[type]));
    m.set(id, "Object.ref", 1);
    return id;
  };
  const child = (parent, name, id) => {
    const property = m.new("ObjectProperty", ["ObjectProperty"], { name, type: `child<${m.objects[id].type}>`, opaque: r(id) });
    m.insert(parent, "Object.properties", name, r(property));
    m.set(id, "Object.parent", r(parent));
    m.set(id, "Object.ref", 2);
  };
  const region = (owner, name, size) => {
    const id = m.new("memory-region", ["Object", "MemoryRegion"], { "MemoryRegion.size": size, "MemoryRegion.name": name, "MemoryRegion.owner": r(owner) });
    child(owner, `${name}[0]`, id);
    return id;
  };

  const net = m.new("NetStatics", ["NetStatics"]);
  const backend = m.in("net_init_clients", [], () =>
    m.in("net_init_slirp", ["n0"], () => {
      const id = m.new("SlirpState", ["NetClientState", "SlirpState"], { "NetClientState.info": "net_slirp_info" });
      m.set(id, "NetClientState.model", "user");
      m.set(id, "NetClientState.name", "n0");
      m.insert(net, "net_clients", 0, r(id));
      m.set(id, "NetClientState.info_str", "net=10.0.2.0,restrict=off");
      return id;
    }),
  );
  const machine = m.new("container", ["Object"]);
  const peripheral = m.new("container", ["Object"]);
  child(machine, "peripheral", peripheral);
  const pci0 = object("PCI");
  m.set(pci0, "BusState.name", "pci.0");
  child(machine, "pci.0", pci0);

  const plug = (bus, dev) => {
    const kid = m.new("BusChild", ["BusChild"], { child: r(dev), index: 0 });
    m.insert(bus, "BusState.children", 0, r(kid));
    m.set(dev, "DeviceState.parent_bus", r(bus));
  };

  let proxy = 0;
  let vdev = 0;
  m.in("qdev_device_add_from_qdict", ["<QDict>", false], () => {
    m.in("qdev_new", ["virtio-net-pci"], () =>
      m.in("object_new", ["virtio-net-pci"], () => {
        proxy = object("virtio-net-pci");
        m.in("device_initfn", [r(proxy)], () => m.set(proxy, "DeviceState.realized", false));
        m.in("virtio_net_pci_instance_init", [r(proxy)], () =>
          m.in("virtio_instance_init_common", [r(proxy)], () => {
            vdev = object("virtio-net-device");
            m.set(proxy, "VirtIONetPCI.vdev", r(vdev));
            child(proxy, "virtio-backend", vdev);
          }),
        );
      }),
    );
    m.set(proxy, "DeviceState.id", "nic0");
    child(peripheral, "nic0", proxy);
    stages.created = m.events.length;
    realize(proxy, pci0, () => m.in("virtio_pci_dc_realize", [r(proxy)], () => m.in("pci_qdev_realize", [r(proxy)], pciRealize)));
  });
  stages.end = m.events.length;

  function realize(dev, bus, body) {
    m.in("qdev_realize", [r(dev), r(bus)], () => {
      m.in("qdev_set_parent_bus", [r(dev), r(bus)], () => plug(bus, dev));
      m.in("object_property_set_bool", [r(dev), "realized", true], () =>
        m.in("device_set_realized", [r(dev), true], () => {
          body();
          m.set(dev, "DeviceState.realized", true);
        }),
      );
    });
  }

  function pciRealize() {
    m.in("do_pci_register_device", [r(proxy), "virtio-net-pci", -1], () => {
      m.set(proxy, "PCIDevice.devfn", 16);
      m.set(proxy, "PCIDevice.name", "virtio-net-pci");
      m.in("pci_config_alloc", [r(proxy)], () => {
        for (const field of ["config", "cmask", "wmask", "w1cmask", "used"]) m.set(proxy, `PCIDevice.${field}`, { b: "00".repeat(256) });
      });
      m.in("pci_config_set_vendor_id", [r(proxy), 0x1af4], () => m.poke(proxy, "PCIDevice.config", 0, 0x1af4, 2));
      m.in("pci_config_set_device_id", [r(proxy), 0x1000], () => m.poke(proxy, "PCIDevice.config", 2, 0x1000, 2));
      m.in("pci_config_set_class", [r(proxy), 0x200], () => m.poke(proxy, "PCIDevice.config", 0x0a, 0x200, 2));
      m.poke(proxy, "PCIDevice.config", 0x2c, 0x1af4, 2);
      m.poke(proxy, "PCIDevice.config", 0x2e, 0x1100, 2);
      m.in("pci_init_wmask", [r(proxy)], () => m.poke(proxy, "PCIDevice.wmask", 4, 0x547, 2));
      m.set(proxy, "PCIDevice.io_regions", { l: [] });
      for (let i = 0; i < 7; i++) m.insert(proxy, "PCIDevice.io_regions", i, r(m.new("PCIIORegion", ["PCIIORegion"])));
    });
    stages.config = m.events.length;
    m.in("virtio_pci_realize", [r(proxy)], () => {
      const modernBar = region(proxy, "virtio-pci", 0x4000);
      m.set(proxy, "VirtIOPCIProxy.modern_bar", r(modernBar));
      const bus = object("virtio-pci-bus");
      m.set(bus, "BusState.name", "virtio-bus");
      m.set(bus, "BusState.parent", r(proxy));
      m.insert(proxy, "DeviceState.child_bus", 0, r(bus));
      child(proxy, "virtio-bus", bus);
      m.set(proxy, "VirtIOPCIProxy.bus", r(bus));
      m.in("virtio_net_pci_realize", [r(proxy)], () =>
        realize(vdev, bus, () =>
          m.in("virtio_device_realize", [r(vdev)], () => {
            m.in("virtio_net_device_realize", [r(vdev)], nic);
            stages.nic = m.events.length;
            m.in("virtio_bus_device_plugged", [r(vdev)], () => m.in("virtio_pci_device_plugged", [r(proxy)], () => plugged(modernBar)));
          }),
        ),
      );
    });
    m.in("pci_add_option_rom", [r(proxy)], () => {
      const rom = region(proxy, "virtio-net-pci.rom", 0x40000);
      bar(6, 0, rom, 0x40000, 0x30);
    });
  }

  function nic() {
    const state = m.new("NICState", ["NICState"], { opaque: r(vdev) });
    const nc = m.new("NetClientState", ["NetClientState"], { "NetClientState.info": "net_virtio_info" });
    m.set(nc, "NetClientState.model", "virtio-net-pci");
    m.set(nc, "NetClientState.name", "nic0");
    m.insert(net, "net_clients", 1, r(nc));
    m.set(nc, "NetClientState.peer", r(backend));
    m.set(backend, "NetClientState.peer", r(nc));
    m.insert(state, "ncs", 0, r(nc));
    m.set(vdev, "VirtIONet.nic", r(state));
    m.set(nc, "NetClientState.info_str", "model=virtio-net-pci,macaddr=52:54:00:12:34:56");
  }

  function capability(id, at, size) {
    m.in("pci_add_capability", [r(proxy), id, 0, size], () => {
      m.poke(proxy, "PCIDevice.config", at, id, 1);
      m.poke(proxy, "PCIDevice.config", at + 1, Number(`0x${m.get(proxy, "PCIDevice.config").b.slice(0x68, 0x6a)}`), 1);
      m.poke(proxy, "PCIDevice.config", 0x34, at, 1);
      m.poke(proxy, "PCIDevice.config", 6, 0x10, 2);
    });
  }

  function bar(number, type, mr, size, at = 0x10 + 4 * number) {
    m.in("pci_register_bar", [r(proxy), number, type, r(mr)], () => {
      const { r: io } = m.get(proxy, "PCIDevice.io_regions").l[number];
      m.set(io, "addr", { i: "18446744073709551615" });
      m.set(io, "size", size);
      m.set(io, "type", type);
      m.set(io, "memory", r(mr));
      m.poke(proxy, "PCIDevice.config", at, type, 4);
      m.poke(proxy, "PCIDevice.wmask", at, (2n ** 64n - BigInt(size)) & 0xffffffffn, 4);
    });
  }

  function plugged(modernBar) {
    if (legacy) m.poke(proxy, "PCIDevice.config", 0x2e, 1, 2);
    m.poke(proxy, "PCIDevice.config", 0x3d, 1, 1);
    stages.regions = [];
    if (modern) {
      const parts = [
        [1, "common", 0x40, 16, 0x0000],
        [3, "isr", 0x50, 16, 0x1000],
        [4, "device", 0x60, 16, 0x2000],
        [2, "notify", 0x70, 20, 0x3000],
      ];
      const made = parts.map(([, name]) => region(proxy, `virtio-pci-${name}-virtio-net`, 0x1000));
      for (const [i, [type, , at, size, offset]] of parts.entries()) {
        m.in("virtio_pci_modern_region_map", [r(proxy)], () => {
          m.in("memory_region_add_subregion", [r(modernBar), offset, r(made[i])], () => {
            m.set(made[i], "MemoryRegion.container", r(modernBar));
            m.set(made[i], "MemoryRegion.addr", offset);
            m.insert(modernBar, "MemoryRegion.subregions", 0, r(made[i]));
          });
          m.in("virtio_pci_add_mem_cap", [r(proxy)], () => {
            capability(9, at, size);
            const body = [size, type, 4, 0, 0, 0, offset & 255, offset >> 8, 0, 0, 0, 0x10, 0, 0, ...(size > 16 ? [4, 0, 0, 0] : [])];
            m.poke(proxy, "PCIDevice.config", at + 2, body.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n), size - 2);
          });
        });
        stages.regions.push(m.events.length);
      }
      bar(4, 0x0c, modernBar, 0x4000);
      m.in("virtio_pci_add_mem_cap", [r(proxy)], () => {
        capability(9, 0x84, 20);
        m.poke(proxy, "PCIDevice.config", 0x86, 0x0514, 18);
      });
    }
    m.in("msix_init_exclusive_bar", [r(proxy), 4, 1], () => {
      const whole = region(proxy, "virtio-net-pci-msix", 0x1000);
      bar(1, 0, whole, 0x1000);
      for (const [name, addr, size] of [["msix-table", 0, 64], ["msix-pba", 0x800, 8]]) {
        const part = region(proxy, name, size);
        m.set(part, "MemoryRegion.container", r(whole));
        m.set(part, "MemoryRegion.addr", addr);
        m.insert(whole, "MemoryRegion.subregions", 0, r(part));
      }
      capability(0x11, 0x98, 12);
      m.poke(proxy, "PCIDevice.config", 0x9a, 3, 2);
      m.poke(proxy, "PCIDevice.config", 0x9c, 1, 4);
      m.poke(proxy, "PCIDevice.config", 0xa0, 0x801, 4);
    });
    if (legacy) bar(0, 1, region(proxy, "virtio-pci", 32), 32);
  }

  return { machine: m, stages, ids: { proxy, vdev, pci0, backend, impl, klass } };
}
