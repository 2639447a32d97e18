/**
 * The whole view in the address: versioned, and old forms are upgraded one version at a time.
 *
 *   #v=1&argv=-M pc ...&qemu=7.2&at=E.realize.virtio_pci_realize.0&sel=field:virtio-net-pci:DeviceState.realized&...
 * @module
 */

/**
 * @typedef {object} View
 * @property {string} argv the command line, as typed
 * @property {string[]} commands done on the machine that the command line makes
 * @property {string} version QEMU's version
 * @property {string} at key of the event (keys.js), "" for the beginning, "end" for the end
 * @property {string} selection (selection.js), "" for none
 * @property {string} layout
 * @property {string} level
 * @property {string} query
 * @property {string[]} breakpoints
 * @property {string[]} picks what is chosen in the views' pickers (picks.js)
 * @property {string} lang "" for the browser's
 * @property {string} theme "" for the system's
 */

export const VERSION = 1;

/** @type {View} */
export const EMPTY = {
  argv: "",
  commands: [],
  version: "",
  at: "end",
  selection: "",
  layout: "",
  level: "",
  query: "",
  breakpoints: [],
  picks: [],
  lang: "",
  theme: "",
};

/** Names in the address of what the view holds. @type {[keyof View, string][]} */
const NAMES = [
  ["argv", "argv"],
  ["commands", "do"],
  ["version", "qemu"],
  ["at", "at"],
  ["selection", "sel"],
  ["layout", "show"],
  ["level", "by"],
  ["query", "find"],
  ["breakpoints", "break"],
  ["picks", "pick"],
  ["lang", "lang"],
  ["theme", "theme"],
];

/**
 * How an address of version `i + 1` becomes one of version `i + 2`. To change the form: raise VERSION, add the step here, and keep
 * an old address in the tests.
 * @type {((params: URLSearchParams) => void)[]}
 */
const UPGRADES = [];

/**
 * The part of an address after "#".
 * @param {View} view
 */
export function write(view) {
  const params = new URLSearchParams({ v: String(VERSION) });
  for (const [name, short] of NAMES) {
    const value = view[name];
    const empty = EMPTY[name];
    if (Array.isArray(value)) for (const item of value) params.append(short, item);
    else if (value !== empty) params.set(short, value);
  }
  // Readable where a fragment may be: these need no escape there.
  return params.toString().replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%3D", "=").replaceAll("%2F", "/");
}

/**
 * The view of an address. `upgrades` are for tests. What is unknown is left out; a version from the future is read as far as it can be.
 * @param {string} fragment with or without "#"
 * @param {((params: URLSearchParams) => void)[]} [upgrades]
 * @returns {View}
 */
export function read(fragment, upgrades = UPGRADES) {
  const params = new URLSearchParams(fragment.replace(/^#/, ""));
  const version = Number(params.get("v") ?? VERSION);
  for (const upgrade of upgrades.slice(Math.max(0, version - 1))) upgrade(params);
  const found = NAMES.map(([name, short]) => [name, Array.isArray(EMPTY[name]) ? params.getAll(short) : (params.get(short) ?? EMPTY[name])]);
  return Object.fromEntries(found);
}
