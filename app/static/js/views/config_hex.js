/**
 * The bytes of a configuration space in hexadecimal, each register as one shape, for the view "config".
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { choice } from "../core/picks.js";
import { surface, tabs } from "./draw.js";
import { BUFFERS } from "./config_model.js";
import { label, picked } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./config_model.js").Model} Model */
/** @typedef {import("../qemu/config_space.js").Register} Register */

const LEFT = 44;
const CELL = 27;
const ROW = 25;
const TABS = 36;
const HEAD = 20;

export const HEX_WIDTH = LEFT + 16 * CELL;

/**
 * The rows of sixteen bytes that are shown: the first 256 bytes, and what the run ever puts behind them; all when unfolded.
 * @param {Frame} frame
 * @param {Model} model
 */
export function hexRows({ toggled }, model) {
  const rows = Array.from({ length: 16 }, (_, i) => i * 16);
  if (model.size <= 256) return rows;
  if (toggled.has("config-all")) return Array.from({ length: model.size / 16 }, (_, i) => i * 16);
  const used = new Set(model.finally.extended.flatMap(({ at, size }) => [at & ~15, (at + size - 1) & ~15]));
  for (const first of [...used]) for (let at = 256; at < first; at += 16) if (isUsed(model, at)) used.add(at);
  return [...rows, ...[...used].sort((a, b) => a - b)];
}

/**
 * @param {Model} model
 * @param {number} at
 */
function isUsed(model, at) {
  return model.finally.extended.some((capability) => capability.at < at + 16 && at < capability.at + capability.size);
}

/**
 * @param {Frame} frame
 * @param {Model} model
 */
export function hexHeight(frame, model) {
  return TABS + HEAD + hexRows(frame, model).length * ROW + (model.size > 256 ? 28 : 6) + 20;
}

/**
 * The bytes, with their left upper corner at (0, 0).
 * @param {Frame} frame
 * @param {Model} model
 */
export function drawHex(frame, model) {
  const { messages, toggled } = frame;
  const bytes = model.buffers[model.shown];
  const rows = hexRows(frame, model);
  const top = TABS + HEAD;
  const bottom = top + rows.length * ROW;
  return svg`${tabs(0, 0, HEX_WIDTH + 40, BUFFERS.map((name) => ({
    text: name,
    on: name === model.shown,
    title: messages.t(`cfg-buffer-${name}`),
    ...(name === model.shown ? {} : { toggle: choice(toggled, "config-bytes", name) }),
  }))).svg}
    ${Array.from({ length: 16 }, (_, i) => label(LEFT + i * CELL + CELL / 2, TABS + 12, i.toString(16), { cls: "m ink3", anchor: "middle", size: 11.5 }))}
    ${rows.map((first, i) => row(frame, model, bytes, first, top + i * ROW, i > 0 && rows[i - 1] !== first - 16))}
    ${model.size > 256
      ? svg`<g class="tab"><rect x=${LEFT} y=${bottom + 6} width="330" height="22" rx="11" class="pick" data-toggle="config-all"></rect>
          <text x=${LEFT + 165} y=${bottom + 21} class="t" font-size="12" text-anchor="middle">${messages.t(toggled.has("config-all") ? "cfg-fold" : "cfg-unfold", { size: model.size })}</text></g>`
      : nothing}
    ${legend(frame, model, bottom + (model.size > 256 ? 46 : 18))}`;
}

/**
 * @param {Frame} frame
 * @param {Model} model
 * @param {Uint8Array | undefined} bytes
 * @param {number} first
 * @param {number} y
 * @param {boolean} gap rows are left out before this one
 */
function row(frame, model, bytes, first, y, gap) {
  const registers = new Set();
  for (let i = 0; i < 16; i++) registers.add(model.config ? model.space.registerAt(first + i) : null);
  return svg`${gap ? svg`<path d="M${LEFT} ${y}h${16 * CELL}" class="dashed"></path>` : nothing}
    ${label(LEFT - 10, y + 17, first.toString(16).padStart(model.size > 256 ? 3 : 2, "0"), { cls: "m ink3", anchor: "end", size: 11.5 })}
    ${[...registers].map((register) => (register ? shape(model, register, first, y) : nothing))}
    ${Array.from({ length: 16 }, (_, i) => byte(frame, model, bytes, first + i, LEFT + i * CELL, y))}`;
}

/**
 * The part of a register that lies in a row.
 * @param {Model} model
 * @param {Register} register
 * @param {number} first
 * @param {number} y
 */
function shape(model, register, first, y) {
  const from = Math.max(register.at, first);
  const to = Math.min(register.at + register.size, first + 16);
  const { owner } = register;
  const list = owner?.extended ? model.finally.extended : model.finally.capabilities;
  const place = owner ? list.findIndex(({ at }) => at === owner.at) : -1;
  const cls = owner ? (place % 2 ? "reg cap odd" : "reg cap") : "reg";
  return svg`<rect x=${LEFT + (from - first) * CELL + 1.5} y=${y + 1.5} width=${(to - from) * CELL - 3} height=${ROW - 3} rx="5" class=${cls}></rect>`;
}

/**
 * @param {Frame} frame
 * @param {Model} model
 * @param {Uint8Array | undefined} bytes
 * @param {number} at
 * @param {number} x
 * @param {number} y
 */
function byte({ changes, selection }, model, bytes, at, x, y) {
  const field = `PCIDevice.${model.shown}`;
  const value = bytes?.[at];
  const register = model.space.registerAt(at);
  const changed = bytes !== undefined && changes.field(model.id, field, at);
  const writable = bytes !== undefined && model.shown === "config" && register !== null && (model.buffers.wmask?.[at] ?? 0) !== 0;
  const chosen = selection?.kind === "byte" && selection.id === model.id && at >= selection.at && at < selection.at + selection.size;
  const offset = `0x${at.toString(16).padStart(2, "0")}`;
  const title = register && bytes ? `${offset}  ${register.name} = ${register.value}  ${register.meaning}` : offset;
  return svg`<g>${changed ? svg`<rect x=${x + 2} y=${y + 2} width=${CELL - 4} height=${ROW - 4} rx="4" class="changed-byte"></rect>` : nothing}
    ${writable ? svg`<path d="M${x + 6} ${y + 21}h${CELL - 12}" class="writable"></path>` : nothing}
    ${label(x + CELL / 2, y + 17, value?.toString(16).padStart(2, "0") ?? "··", { cls: `m ${changed ? "b chg" : value ? "" : "ink3"}`, anchor: "middle", size: 13 })}
    ${chosen ? picked(x + 1.5, y + 1.5, CELL - 3, ROW - 3) : nothing}
    ${surface(x, y, CELL, ROW, { select: `byte:${model.id}:${field}:${at}:1`, title })}</g>`;
}

/**
 * @param {Frame} frame
 * @param {Model} model
 * @param {number} y
 */
function legend({ messages }, model, y) {
  if (model.shown !== "config") return label(LEFT, y, messages.t(`cfg-buffer-${model.shown}`), { cls: "ink3" });
  return svg`<rect x=${LEFT} y=${y - 10} width="20" height="13" rx="4" class="reg"></rect>${label(LEFT + 26, y, messages.t("cfg-legend-header"), { cls: "ink3" })}
    <rect x=${LEFT + 104} y=${y - 10} width="20" height="13" rx="4" class="reg cap"></rect>${label(LEFT + 130, y, messages.t("cfg-legend-capability"), { cls: "ink3" })}
    <path d="M${LEFT + 224} ${y}h16" class="writable"></path>${label(LEFT + 246, y, messages.t("cfg-legend-writable"), { cls: "ink3" })}`;
}
