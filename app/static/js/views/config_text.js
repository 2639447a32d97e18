/**
 * The view "config" without a picture: a table of all registers, the chain as a tree, Mermaid, the bytes.
 * @module
 */

import { hexNumber, read } from "../qemu/registers.js";
import { barOffset } from "../qemu/pci_header.js";
import { factsOfCapability } from "./config_chain.js";
import { barKind, sizeText } from "./config_model.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Table} Table */
/** @typedef {import("./view.js").Row} Row */
/** @typedef {import("./config_model.js").Model} Model */
/** @typedef {import("./config_model.js").Region} Region */

/**
 * @param {Frame} frame
 * @param {Model} model
 * @returns {Table}
 */
export function configTable(frame, model) {
  const { messages, run, changes } = frame;
  /** @type {Row[]} */
  const rows = [];
  const writers = model.config ? run.history.lastWriters(model.id, "PCIDevice.config", model.size, frame.at) : null;
  let owner = null;
  for (const register of model.config ? model.space.registers : []) {
    if (register.owner !== owner && register.owner) {
      owner = register.owner;
      rows.push({ level: 1, cells: [hexNumber(owner.at, 1), [owner.name, owner.kind].filter(Boolean).join(" "), "", "", "", ""] });
    }
    const { at, size } = register;
    let latest = -1;
    for (let i = 0; i < size; i++) latest = Math.max(latest, writers?.[at + i] ?? -1);
    const call = latest === -1 ? -1 : run.columns.call.data[latest];
    let changed = false;
    for (let i = 0; i < size; i++) changed ||= changes.field(model.id, "PCIDevice.config", at + i);
    rows.push({
      level: register.owner ? 2 : 1,
      cells: [
        { text: hexNumber(at, 1), select: `byte:${model.id}:PCIDevice.config:${at}:${size}` },
        register.name,
        { text: register.value, changed },
        [register.meaning, ...register.fields.map(({ name, single, text }) => (single ? name : `${name}=${text}`))].filter(Boolean).join(", "),
        model.buffers.wmask && size <= 4 ? hexNumber(read(model.buffers.wmask, at, size), size) : "",
        call < 0 ? "" : { text: run.functionName(run.calls.fn.data[run.calls.row(call)]), select: `call:${call}` },
      ],
    });
  }
  for (const bar of model.bars) {
    const name = bar.number === 6 ? "ROM" : `BAR ${bar.number}`;
    rows.push({
      level: 1,
      cells: [
        hexNumber(barOffset(bar.number, model.space.bridge), 1),
        { text: name, select: `object:${bar.region.id}`, changed: bar.changed },
        sizeText(bar.size),
        `${barKind(bar)}, ${bar.region.name}${bar.registered ? "" : ` (${messages.t("cfg-unregistered")})`}`,
        "",
        "",
      ],
    });
    addParts(frame, rows, bar.region, 2);
  }
  return { caption: messages.t("view-config"), head: ["cfg-head-offset", "cfg-head-register", "cfg-head-value", "cfg-head-meaning", "cfg-head-writable", "cfg-head-writer"].map((id) => messages.t(id)), rows };
}

/**
 * @param {Frame} frame
 * @param {Row[]} rows
 * @param {Region} region
 * @param {number} level
 */
function addParts(frame, rows, region, level) {
  for (const part of region.parts) {
    if (part.how !== "mapped") continue;
    rows.push({ level, cells: [hexNumber(part.addr), { text: part.name, select: `object:${part.id}`, changed: part.changed }, sizeText(part.size), "", "", ""] });
    addParts(frame, rows, part, level + 1);
  }
}

/**
 * @param {Model} model
 * @returns {Record<string, () => string>}
 */
export function configTexts(model) {
  return { tree: () => chainTree(model), mermaid: () => mermaid(model), hex: () => bytes(model) };
}

/** The chain and the regions, indented. @param {Model} model */
function chainTree(model) {
  const lines = [`0x34 PCI_CAPABILITY_LIST = ${hexNumber(model.config?.[0x34] ?? 0, 1)}`];
  for (const capability of [...model.space.capabilities, ...model.space.extended]) {
    lines.push(`  ${hexNumber(capability.at, 1)} ${capability.kind || capability.name}`);
    for (const { name, value } of factsOfCapability(capability)) lines.push(`    ${name} ${value}`);
  }
  for (const bar of model.bars.filter(({ registered }) => registered)) {
    lines.push(`${bar.number === 6 ? "ROM" : `BAR ${bar.number}`} ${barKind(bar)} ${sizeText(bar.size)} ${bar.region.name}`);
    for (const part of bar.region.parts.filter(({ how }) => how === "mapped")) lines.push(`  ${hexNumber(part.addr)} ${part.name} ${sizeText(part.size)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** @param {Model} model */
function mermaid(model) {
  const lines = ["flowchart LR", `  ptr["0x34 PCI_CAPABILITY_LIST"]`];
  const id = (/** @type {number} */ at) => `cap${at.toString(16)}`;
  let before = "ptr";
  for (const capability of model.space.capabilities) {
    lines.push(`  ${id(capability.at)}["${hexNumber(capability.at, 1)} ${capability.kind || capability.name}"]`, `  ${before} --> ${id(capability.at)}`);
    before = id(capability.at);
  }
  for (const bar of model.bars.filter(({ registered }) => registered)) {
    lines.push(`  subgraph bar${bar.number}["${bar.number === 6 ? "ROM" : `BAR ${bar.number}`} · ${sizeText(bar.size)}"]`);
    const parts = bar.region.parts.filter(({ how }) => how === "mapped");
    for (const part of parts.length ? parts : [bar.region]) lines.push(`    mr${part.id}["${hexNumber(part.addr)} ${part.name}"]`);
    lines.push("  end");
  }
  for (const capability of model.space.capabilities) {
    for (const target of capability.targets) {
      const bar = model.bars.find(({ number, registered }) => number === target.bar && registered);
      const part = bar?.region.parts.find(({ addr, size, how }) => how === "mapped" && target.offset >= addr && target.offset < addr + size);
      if (part) lines.push(`  ${id(capability.at)} -.-> mr${part.id}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The bytes, sixteen a line, as lspci prints them. @param {Model} model */
function bytes(model) {
  const lines = [];
  const config = model.config ?? new Uint8Array(0);
  for (let at = 0; at < config.length; at += 16) {
    const row = [...config.slice(at, at + 16)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    lines.push(`${at.toString(16).padStart(2, "0")}: ${row}`);
  }
  return `${lines.join("\n")}\n`;
}
