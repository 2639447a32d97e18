/**
 * The registers of the header, one a line, for the view "config".
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { hexNumber } from "../qemu/registers.js";
import { line, surface } from "./draw.js";
import { changed, fit, picked, textWidth } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./config_model.js").Model} Model */
/** @typedef {import("../qemu/config_space.js").Register} Register */

const ROW = 20;
const COLUMN = 400;

/** @param {Model} model */
function header(model) {
  return model.space.registers.filter(({ owner }) => owner === null);
}

/**
 * @param {Model} model
 * @param {number} width
 */
export function registersHeight(model, width) {
  return Math.ceil(header(model).length / columns(width)) * ROW + 8;
}

/** @param {number} width */
function columns(width) {
  return Math.max(1, Math.min(3, Math.floor(width / COLUMN)));
}

/**
 * The list, with its left upper corner at (0, 0).
 * @param {Frame} frame
 * @param {Model} model
 * @param {number} width
 */
export function drawRegisters(frame, model, width) {
  const registers = header(model);
  const count = columns(width);
  const rows = Math.ceil(registers.length / count);
  const own = Math.floor(width / count);
  return svg`${registers.map((register, i) => row(frame, model, register, Math.floor(i / rows) * own, (i % rows) * ROW, own - 16))}`;
}

/**
 * @param {Frame} frame
 * @param {Model} model
 * @param {Register} register
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
function row({ changes, selection }, model, register, x, y, width) {
  const { at, size } = register;
  let fresh = false;
  for (let i = 0; i < size; i++) fresh ||= changes.field(model.id, "PCIDevice.config", at + i);
  const on = selection?.kind === "byte" && selection.id === model.id && selection.at < at + size && selection.at + selection.size > at;
  const name = ` ${register.name.replace("PCI_", "").replace("BASE_ADDRESS_", "BASE_ADDR_").padEnd(20)}`;
  const room = width - textWidth(`0x00${name}${register.value}  `, 12) - 4;
  const said = [register.meaning, ...register.fields.filter(({ value }) => value !== 0).map(words)].filter(Boolean).join(" ");
  return svg`<g>${fresh ? changed(x - 4, y, width + 8, ROW) : nothing}
    ${surface(x - 4, y, width + 8, ROW, { select: `byte:${model.id}:PCIDevice.config:${at}:${size}`, title: `${register.name} ${said}` })}
    ${on ? picked(x - 4, y, width + 8, ROW) : nothing}
    ${line(x + 2, y + 14, [
      { text: hexNumber(at, 1), cls: "m ink3" },
      { text: name, cls: "m" },
      { text: model.config ? register.value : "", cls: `m ${/[1-9a-f]/.test(register.value.slice(2)) ? "b" : "ink3"}` },
      model.config && said ? { text: `  ${fit(brief(said), room, 11.5)}`, cls: "m ink2", size: 11.5 } : null,
    ])}</g>`;
}

/**
 * A field in few letters.
 * @param {import("../qemu/registers.js").FieldValue} field
 */
function words({ name, single, text }) {
  return (single ? name : text).replace(/^PCI_(COMMAND|STATUS|HEADER_TYPE|BASE_ADDRESS|ROM_ADDRESS|BRIDGE_CTL)_/, "");
}

/**
 * A meaning without what the register's name says already.
 * @param {string} text
 */
function brief(text) {
  return text.replace(/PCI_(VENDOR|DEVICE)_ID_/, "").replace(/^PCI_CLASS_\S+ \((.*)\)$/, "$1");
}
