/**
 * The base addresses with the memory regions behind them, for the view "config".
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { barOffset } from "../qemu/pci_header.js";
import { hexNumber } from "../qemu/registers.js";
import { barKind, sizeText } from "./config_model.js";
import { line, surface } from "./draw.js";
import { box, changed, label, picked } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./config_model.js").Model} Model */
/** @typedef {import("./config_model.js").Bar} Bar */
/** @typedef {import("./config_model.js").Region} Region */
/** @typedef {import("./fx.js").Marks} Marks */

/** Height of a part of a region: it grows with the size, slowly. @param {number} size */
function partHeight(size) {
  return Math.round(Math.min(76, Math.max(30, 26 + 2.6 * (Math.log2(Math.max(1, size)) - 3))));
}

const BAR_HEAD = 44;
const HOLE = 15;

/**
 * What fills a region, from address 0 on: its parts, and the holes between them.
 * @param {Region} region
 * @returns {{at: number, size: number, part: Region | null, height: number}[]}
 */
function fillings(region) {
  /** @type {{at: number, size: number, part: Region | null, height: number}[]} */
  const found = [];
  let at = 0;
  for (const part of region.parts) {
    if (part.addr > at) found.push({ at, size: part.addr - at, part: null, height: HOLE });
    found.push({ at: part.addr, size: part.size, part, height: partHeight(part.size) });
    at = Math.max(at, part.addr + part.size);
  }
  if (region.parts.length && at < region.size) found.push({ at, size: region.size - at, part: null, height: HOLE });
  return found;
}

/** @param {Bar} bar */
function barHeight(bar) {
  const inside = fillings(bar.region);
  return BAR_HEAD + (inside.length ? inside.reduce((sum, { height }) => sum + height, 0) + 6 : 0);
}

/** @param {Model} model */
export function barsHeight(model) {
  return model.bars.reduce((sum, bar) => sum + barHeight(bar) + 20, 0);
}

/**
 * The base addresses with their regions, with the left upper corner at (0, 0); `places` says where a place of a BAR is.
 * @param {Frame} frame
 * @param {Model} model
 * @param {number} width
 * @param {Marks} marks
 */
export function drawBars(frame, model, width, marks) {
  let y = 0;
  /** @type {{bar: Bar, y: number, parts: {from: number, to: number, y: number}[]}[]} */
  const places = [];
  const drawn = model.bars.map((bar) => {
    const top = y;
    const height = barHeight(bar);
    y += height + 20;
    let inner = top + BAR_HEAD;
    const parts = fillings(bar.region).map((filling) => {
      const place = { ...filling, y: inner, from: filling.at, to: filling.at + filling.size };
      inner += filling.height;
      return place;
    });
    places.push({ bar, y: top, parts: parts.filter(({ part }) => part) });
    return barBox(frame, model, bar, top, height, width, parts, marks);
  });
  return { svg: svg`${drawn}`, places };
}

/**
 * @param {Frame} frame
 * @param {Model} model
 * @param {Bar} bar
 * @param {number} y
 * @param {number} height
 * @param {number} width
 * @param {{at: number, size: number, part: Region | null, height: number, y: number}[]} parts
 * @param {Marks} marks
 */
function barBox(frame, model, bar, y, height, width, parts, marks) {
  const { messages, selection } = frame;
  const offset = barOffset(bar.number, model.space.bridge);
  const name = bar.number === 6 ? "ROM" : `BAR ${bar.number}`;
  const on = selection && "id" in selection && (selection.id === bar.region.id || selection.id === bar.id);
  const state = bar.registered ? "" : bar.region.how === "ahead" ? messages.t("cfg-region-ahead") : messages.t("cfg-region-made");
  return svg`<g>${box(0, y, width, height, { cls: bar.registered ? "panel bar" : "ghost", radius: 6 })}
    ${bar.changed ? svg`<rect x="0" y=${y} width=${width} height=${height} rx="6" class="changed-frame"></rect>` : nothing}
    ${surface(0, y, width, BAR_HEAD, { select: `object:${bar.region.id}`, title: bar.region.name })}
    ${on ? picked(1.5, y + 1.5, width - 3, height - 3) : nothing}
    ${line(12, y + 19, [
      { text: name, cls: bar.registered ? "b" : "b ink3", size: 13.5 },
      { text: `  ${barKind(bar)} · ${sizeText(bar.size)}`, cls: bar.registered ? "ink2" : "ink3" },
    ])}
    ${line(12, y + 36, [
      { text: hexNumber(offset, 1), cls: "m ink3", select: `byte:${model.id}:PCIDevice.config:${offset}:4` },
      { text: "  ", cls: "m" },
      state ? { text: state, cls: "ink3" } : { text: bar.region.name, cls: "m ink2", select: `object:${bar.region.id}` },
    ], 11.5)}
    ${parts.map((part) => regionPart(frame, part, width, marks, model, bar))}</g>`;
}

/**
 * @param {Frame} frame
 * @param {{at: number, size: number, part: Region | null, height: number, y: number}} place
 * @param {number} width
 * @param {Marks} marks
 * @param {Model} model
 * @param {Bar} bar
 */
function regionPart({ messages, selection }, { at, size, part, height, y }, width, marks, model, bar) {
  const x = 10;
  const own = width - x - 72;
  const address = label(x + own + 8, y + 12, hexNumber(at), { cls: "m ink3", size: 11.5 });
  if (!part) {
    return svg`${address}<rect x=${x} y=${y + 1} width=${own} height=${height - 2} class="hole"></rect>${label(x + own - 6, y + 11.5, sizeText(size), { cls: "ink3", size: 11, anchor: "end" })}`;
  }
  const pointing = model.finally.capabilities.find(({ targets }) => targets.some((target) => target.bar === bar.number && target.offset >= at && target.offset < at + size));
  const on = selection && "id" in selection && selection.id === part.id;
  const mapped = part.how === "mapped";
  return svg`<g>${address}${box(x, y + 1, own, height - 2, { cls: mapped ? "paper" : "ghost", radius: 4 })}
    ${part.changed && mapped ? changed(x + 1, y + 2, own - 2, height - 4) : nothing}
    ${surface(x, y + 1, own, height - 2, { select: `object:${part.id}`, title: part.name })}
    ${on ? picked(x + 1.5, y + 2.5, own - 3, height - 5) : nothing}
    ${pointing && mapped ? marks.draw(x + 15, y + height / 2, String(pointing.at)) : nothing}
    ${label(x + 28, y + height / 2 + (height > 40 ? -2 : 4.5), short(part.name), { cls: mapped ? "m" : "m ink3", size: 12.5, width: own - (height > 40 ? 34 : 84) })}
    ${height > 40
      ? label(x + 28, y + height / 2 + 14, mapped ? sizeText(size) : messages.t(part.how === "ahead" ? "cfg-region-ahead" : "cfg-region-unmapped"), { cls: "ink3", size: 11.5 })
      : label(x + own - 8, y + height / 2 + 4.5, mapped ? sizeText(size) : "", { cls: "ink3", size: 11.5, anchor: "end" })}</g>`;
}

/**
 * A region's name without what is the same in all of them.
 * @param {string} name
 */
function short(name) {
  return name.replace(/^virtio-pci-(\w+(?:-pio)?)-.*$/, "$1");
}
