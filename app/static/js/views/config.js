/**
 * View "config": the configuration space of a PCI function, byte by byte; the chain of its capabilities; the memory regions behind its
 * base addresses, and the arrows from the one to the other, all appearing as they come into being.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { choice } from "../core/picks.js";
import { cardsOf } from "./cards.js";
import { barsHeight, drawBars } from "./config_bars.js";
import { chainHeight, drawChain, drawTargets } from "./config_chain.js";
import { HEX_WIDTH, drawHex, hexHeight } from "./config_hex.js";
import { modelOf } from "./config_model.js";
import { PANEL_HEIGHT, drawPanel } from "./config_panel.js";
import { drawRegisters, registersHeight } from "./config_registers.js";
import { configTable, configTexts } from "./config_text.js";
import { at as moved, heading, tabs } from "./draw.js";
import { Marks } from "./fx.js";
import { label } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Drawing} Drawing */
/** @typedef {import("./config_model.js").Model} Model */

const PAD = 14;
const HEAD = 28;
const BETWEEN = 34;
const CHAIN = 318;
const BARS = 280;
/** Room for the arrows between capabilities and regions. */
const ARROWS = 84;

/** @type {import("./view.js").View} */
export const config = { id: "config", draw };

/**
 * @param {Frame} frame
 * @returns {Drawing}
 */
function draw(frame) {
  const { box, messages } = frame;
  const model = modelOf(frame);
  if (!model) {
    return {
      width: box.width,
      height: 80,
      label: messages.t("cfg-nothing"),
      svg: label(PAD, 40, messages.t("cfg-nothing"), { cls: "ink3" }),
      table: () => ({ caption: messages.t("view-config"), head: [], rows: [] }),
    };
  }
  const picker = tabs(PAD, 12, Math.max(320, box.width - 2 * PAD), cardTabs(frame, model));
  const top = 12 + picker.height + (picker.height ? 8 : 0);
  const { width, height, parts, follow } = layOut(frame, model, top);
  return {
    width: Math.max(box.width, width),
    height,
    label: messages.t("cfg-label", { name: frame.run.names.label(model.id), capabilities: model.space.capabilities.length, bars: model.bars.filter(({ registered }) => registered).length }),
    svg: svg`${picker.svg}${parts}`,
    scene: `${model.id} ${model.shown}`,
    table: () => configTable(frame, model),
    texts: configTexts(model),
    ...(follow === undefined ? {} : { follow }),
  };
}

/**
 * @param {Frame} frame
 * @param {Model} model
 * @param {number} top
 */
function layOut(frame, model, top) {
  const { box, messages } = frame;
  const room = box.width - 2 * PAD;
  const hex = hexHeight(frame, model);
  const right = CHAIN + ARROWS + BARS;
  const lower = Math.max(chainHeight(model), barsHeight(model));

  /** Where the panel and the chain go, by how much room there is. */
  const beside = room >= HEX_WIDTH + BETWEEN + right;
  const panelBeside = !beside && room >= HEX_WIDTH + BETWEEN + 320;
  const panelX = panelBeside ? HEX_WIDTH + BETWEEN : 0;
  const panelY = panelBeside ? HEAD : HEAD + hex + 12;
  const panelWidth = panelBeside ? Math.min(560, room - panelX) : HEX_WIDTH;
  const upper = panelBeside ? HEAD + Math.max(hex, PANEL_HEIGHT) : panelY + PANEL_HEIGHT;
  const extra = beside ? Math.min(60, (room - HEX_WIDTH - BETWEEN - right) / 3) : Math.min(60, Math.max(0, (room - right) / 3));
  const chainX = beside ? HEX_WIDTH + BETWEEN : 0;
  const chainY = beside ? 0 : upper + 26;
  const chainWidth = CHAIN + extra;
  const barsX = chainX + chainWidth + ARROWS + extra;
  const barsWidth = BARS + extra;

  const marks = new Marks();
  for (const capability of model.finally.capabilities) if (capability.targets.length) marks.note(String(capability.at));
  const chain = drawChain(frame, model, chainWidth, marks);
  const bars = drawBars(frame, model, barsWidth, marks);
  const parts = svg`
    ${moved(PAD, top, svg`${heading(0, 14, messages.t("cfg-bytes"))}${moved(0, HEAD, drawHex(frame, model))}`)}
    ${moved(PAD + panelX, top + panelY, drawPanel(frame, model, panelWidth))}
    ${moved(PAD + chainX, top + chainY, svg`${heading(0, 14, messages.t("cfg-chain"))}${moved(0, HEAD, chain.svg)}`)}
    ${moved(PAD + barsX, top + chainY, svg`${heading(0, 14, messages.t("cfg-bars"))}${moved(0, HEAD, bars.svg)}
      ${model.bars.length ? nothing : label(0, HEAD + 34, messages.t("cfg-no-bars"), { cls: "ink3" })}`)}
    ${moved(PAD, top + chainY + HEAD, drawTargets(frame, model, chain.places, bars.places, chainX + chainWidth, barsX))}`;
  const listX = beside ? chainX : 0;
  const listY = chainY + HEAD + lower + 26;
  const listWidth = beside ? room - chainX : Math.max(room, 400);
  const list = moved(PAD + listX, top + listY, svg`${heading(0, 14, messages.t("cfg-header"))}${moved(0, HEAD - 4, drawRegisters(frame, model, listWidth))}`);
  const height = top + Math.max(beside ? upper : 0, listY + HEAD + registersHeight(model, listWidth)) + PAD;
  const changed = frame.changes.events(model.id, "PCIDevice.config").at(-1);
  const at = changed === undefined ? -1 : frame.run.columns.at.data[changed];
  const place = at < 0 ? undefined : [...chain.places].find(([start]) => at >= start && at < start + 16);
  const follow = place && !beside ? top + chainY + HEAD + place[1].y + place[1].height / 2 : undefined;
  return { width: PAD + barsX + barsWidth + PAD, height, parts: svg`${parts}${list}`, follow };
}

/**
 * @param {Frame} frame
 * @param {Model} model
 */
function cardTabs({ run, toggled }, model) {
  const all = cardsOf(run);
  const cards = all.filter(({ network, asked }) => network || asked);
  const others = toggled.has("config-others") ? all.filter((card) => !cards.includes(card)) : [];
  const shown = [...cards, ...others];
  const tabsOf = shown.map(({ id }) => ({
    text: run.names.label(id),
    on: id === model.id,
    ...(id === model.id ? {} : { toggle: choice(toggled, "card", run.names.stable(id)) }),
  }));
  if (all.length > cards.length) tabsOf.push({ text: toggled.has("config-others") ? "−" : `+ ${all.length - cards.length}`, on: false, toggle: "config-others" });
  return tabsOf.length > 1 ? tabsOf : [];
}
