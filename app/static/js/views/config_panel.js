/**
 * One register, explained, for the view "config": its fields, what may be written, and every event that wrote it.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { Ref, decode, hex } from "../core/values.js";
import { hexNumber, read } from "../qemu/registers.js";
import { line, prose, surface, wrap } from "./draw.js";
import { box, fit, label, textWidth } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./config_model.js").Model} Model */
/** @typedef {import("./config_model.js").BufferName} BufferName */
/** @typedef {import("../qemu/config_space.js").Register} Register */

const LINE = 19;
export const PANEL_HEIGHT = 316;

/**
 * The register to explain: the selected one, else the one that was written last.
 * @param {Frame} frame
 * @param {Model} model
 * @returns {{at: number, size: number, register: Register | null, field: string} | null}
 */
export function focusOf({ at: now, selection, run }, model) {
  if (selection?.kind === "byte" && selection.id === model.id) {
    const register = model.space.registerAt(selection.at);
    const whole = register && selection.size <= register.size;
    return { at: whole ? register.at : selection.at, size: whole ? register.size : selection.size, register, field: selection.field };
  }
  const seq = run.history.lastWrite(model.id, "PCIDevice.config", now);
  if (seq === -1 || run.columns.at.data[seq] < 0) return null;
  const at = run.columns.at.data[seq];
  const register = model.space.registerAt(at);
  return { at: register?.at ?? at, size: register?.size ?? 1, register, field: "PCIDevice.config" };
}

/**
 * The panel, with its left upper corner at (0, 0).
 * @param {Frame} frame
 * @param {Model} model
 * @param {number} width
 */
export function drawPanel(frame, model, width) {
  const { messages } = frame;
  const focus = focusOf(frame, model);
  const shell = box(0, 0, width, PANEL_HEIGHT - 12, { cls: "panel", radius: 6 });
  if (!focus || !model.config) return svg`${shell}${prose(14, 26, wrap(messages.t("cfg-choose"), width - 28, 12.5), { size: 12.5, cls: "ink3" })}`;
  const { at, size, register } = focus;
  const long = size > 4;
  const explained = register ? messageOf(frame, `reg-${key(register.name)}`) : messages.t("cfg-no-register");
  const words = wrap(explained, width - 28).slice(0, 2);
  let y = 48 + words.length * 17 + 6;
  const fields = register?.fields ?? [];
  const masks = /** @type {BufferName[]} */ (["wmask", "cmask", "w1cmask"]).map((name) => ({ name, buffer: model.buffers[name] }));
  const rows = fields.slice(0, 5).map((field) => {
    const top = y;
    y += LINE;
    return line(14, top, [
      { text: field.single ? field.name : field.text.startsWith("PCI_") || field.text.startsWith("VIRTIO_") ? field.text : `${field.name} = ${field.text}`, cls: "m ink2" },
      { text: `  ${messageOf(frame, `bit-${key(field.name)}`)}`, cls: "ink3" },
    ]);
  });
  if (fields.length > 5) {
    rows.push(label(14, y, messages.t("cfg-more-fields", { count: fields.length - 5 }), { cls: "ink3" }));
    y += LINE;
  }
  const value = long || !register ? hex(model.config.slice(at, at + size)).replace(/..(?=.)/g, "$& ") : register.value;
  return svg`${shell}
    ${line(14, 26, [
      { text: hexNumber(at, at > 255 ? 2 : 1), cls: "m ink3", size: 13 },
      { text: ` ${register?.name ?? ""}`, cls: "m b", size: 13 },
      { text: ` = ${value}`, cls: "m b", size: 13 },
    ])}
    ${label(14, 45, register?.meaning ?? "", { cls: "m ink2", size: 11.5, width: width - 28 })}
    ${prose(14, register?.meaning ? 63 : 46, words)}
    ${register?.meaning ? svg`<g transform="translate(0 17)">${rows}</g>` : rows}
    ${long
      ? nothing
      : line(14, (y += register?.meaning ? 17 : 0), masks.flatMap(({ name, buffer }, i) => [
          { text: `${i ? "   " : ""}${name} `, cls: "m ink3" },
          { text: buffer ? hexNumber(read(buffer, at, size), size) : "", cls: "m ink2" },
        ]), 11.5)}
    ${writers(frame, model, at, size, focus.field, width, y + 8)}`;
}

/**
 * The part of a message's id that names a register or a field; the base addresses share one.
 * @param {string} name
 */
function key(name) {
  return name.replace(/^(PCI_BASE_ADDRESS)_\d.*/, "$1").replace(/[^A-Za-z0-9]+/g, "-");
}

/**
 * @param {Frame} frame
 * @param {string} id
 */
function messageOf({ messages }, id) {
  return messages.has(id) ? messages.t(id) : "";
}

/**
 * The events that wrote one of the bytes, the latest last.
 * @param {Frame} frame
 * @param {Model} model
 * @param {number} at
 * @param {number} size
 * @param {string} field
 */
export function writersOf({ run }, model, at, size, field) {
  /** @type {Set<number>} */
  const seqs = new Set();
  for (let i = 0; i < size; i++) for (const seq of run.history.field(model.id, field, at + i)) seqs.add(seq);
  return [...seqs].sort((a, b) => a - b).map((seq) => {
    const event = run.log.at(seq);
    const row = run.calls.row(event[1]);
    const rows = row === -1 ? [] : run.calls.path(row);
    const poke = event[0] === "P";
    const bytes = (/** @type {any} */ wire) => {
      const value = decode(wire);
      return value instanceof Uint8Array ? slice(value, poke ? event[5] : 0, at, size) : value instanceof Ref ? "" : "";
    };
    return {
      seq,
      name: row === -1 ? "" : run.functionName(run.calls.fn.data[row]),
      call: event[1],
      caller: rows.length > 1 ? run.functionName(run.calls.fn.data[/** @type {number} */ (rows.at(-2))]) : "",
      callerCall: rows.length > 1 ? run.calls.enter.data[/** @type {number} */ (rows.at(-2))] : -1,
      old: poke ? bytes(event[6]) : "",
      value: bytes(poke ? event[7] : event[6]),
    };
  });
}

/**
 * The bytes of a write that lie in the register, "··" for those that it leaves alone, the most significant first.
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} at
 * @param {number} size
 */
function slice(bytes, from, at, size) {
  let text = "";
  for (let i = Math.min(size, 8) - 1; i >= 0; i--) {
    const byte = bytes[at + i - from];
    text += byte === undefined ? "··" : byte.toString(16).padStart(2, "0");
  }
  return `0x${text}`;
}

/**
 * @param {Frame} frame
 * @param {Model} model
 * @param {number} at
 * @param {number} size
 * @param {string} field
 * @param {number} width
 * @param {number} y where there is room
 */
function writers(frame, model, at, size, field, width, y) {
  const { messages } = frame;
  const all = writersOf(frame, model, at, size, field);
  const now = all.findLastIndex(({ seq }) => seq < frame.at);
  const top = y + 30;
  const fit = Math.max(2, Math.floor((PANEL_HEIGHT - 20 - top) / LINE));
  const first = Math.max(0, Math.min(all.length - fit, now - fit + 2));
  return svg`<path d="M14 ${y}H${width - 14}" class="guide-path soft"></path>
    ${label(14, y + 19, messages.t("cfg-writes", { count: all.length }), { cls: "ink3" })}
    ${all.slice(first, first + fit).map((writer, i) => {
      const y = top + (i + 0.5) * LINE;
      const ahead = writer.seq >= frame.at;
      return svg`${surface(8, y - 14, width - 16, LINE, { go: writer.seq + 1, title: messages.t("cfg-go", { event: writer.seq }) })}
        ${first + i === now ? svg`<path d="M8 ${y - 10}l6 5l-6 5z" class="changed-bar"></path>` : nothing}
        ${line(18, y, [
          { text: `${writer.old ? `${writer.old} → ` : ""}${writer.value}  `, cls: `m ${ahead ? "ink3" : ""}`, go: writer.seq + 1 },
          { text: writer.name, cls: `m ${ahead ? "ink3" : "fn"}`, select: `call:${writer.call}` },
          writer.caller ? { text: callerText(writer, width), cls: "m ink3", select: `call:${writer.callerCall}` } : null,
        ], 11.5)}`;
    })}`;
}

/**
 * The function around the writing one, as far as there is room.
 * @param {{old: string, value: string, name: string, caller: string}} writer
 * @param {number} width
 */
function callerText({ old, value, name, caller }, width) {
  const before = `${old ? `${old} → ` : ""}${value}  ${name} ← `;
  const text = fit(caller, width - 30 - textWidth(before, 11.5), 11.5);
  return text ? ` ← ${text}` : "";
}
