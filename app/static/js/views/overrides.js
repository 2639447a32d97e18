/**
 * View "overrides": who stands in the realize slots of each class of a card's chain, instead of whom and by whose hand; and the order
 * in which the slots are then called. Beside it the chain of a card that overrides nothing.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { choice } from "../core/picks.js";
import { cardsOf } from "./cards.js";
import { at as moved, heading, tabs } from "./draw.js";
import { factsOf } from "./facts.js";
import { Marks } from "./fx.js";
import { label } from "./kit.js";
import { drawChain, measureChain } from "./overrides_chain.js";
import { drawOrder, measureOrder } from "./overrides_order.js";
import { tell } from "./overrides_story.js";
import { drawStack, measureStack } from "./overrides_stack.js";
import { overridesTable, overridesTexts } from "./overrides_text.js";
import { functionIn } from "./slots.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Drawing} Drawing */
/** @typedef {import("./slots.js").Slot} Slot */
/** @typedef {import("./slots.js").ClassRow} ClassRow */
/** @typedef {import("./overrides_chain.js").Chain} Chain */
/** @typedef {import("./overrides_story.js").Story} Story */

const PAD = 10;
const TOP = 12;
const GUTTER = 18;
const BETWEEN = 26;
const INTRO = 32;
/** Room for the types to compare with. */
const TABS = 34;
/** No narrower than this: the longest lines of the slots under each other. */
const NARROWEST = 440;

/** @type {import("./view.js").View} */
export const overrides = { id: "overrides", draw };

/**
 * @param {Frame} frame
 * @returns {Drawing}
 */
function draw(frame) {
  const { box, messages } = frame;
  const story = tell(frame);
  if (!story.chains.length) {
    return {
      width: box.width,
      height: 80,
      label: messages.t("ov-nothing"),
      svg: label(PAD, 40, messages.t("ov-nothing"), { cls: "ink3" }),
      table: () => ({ caption: messages.t("view-overrides"), head: [], rows: [] }),
    };
  }
  const { svg: drawn, width, height, follow } = layOut(frame, story);
  return {
    width,
    height,
    svg: drawn,
    label: summary(frame, story),
    table: () => overridesTable(frame, story),
    texts: overridesTexts(frame, story),
    ...(follow === undefined ? {} : { follow }),
  };
}

/**
 * A part of the drawing, measured: a chain, or the order of calls.
 * @typedef {object} Piece
 * @property {Chain | null} chain null: the order
 * @property {import("./overrides_chain.js").Measured | null} measured of a chain
 * @property {number} width
 * @property {number} height
 */

/**
 * @param {Frame} frame
 * @param {Story} story
 */
function layOut(frame, story) {
  const marks = new Marks();
  for (const { rows, slots } of story.chains) noteNames(frame, marks, rows, slots);
  const room = Math.max(320, frame.box.width - 2 * PAD);
  const picker = tabs(PAD, TOP, room, cardTabs(frame, story));
  const { placed, width, height } = arrange(frame, story, room);
  const top = TOP + picker.height;
  const drawn = svg`${picker.svg}${placed.map(({ x, y, piece }) => moved(PAD + x, top + y, drawPiece(frame, story, piece, marks)))}`;
  return { svg: drawn, width: Math.max(frame.box.width, width + 2 * PAD), height: top + height + PAD, follow: followed(frame, placed, story, top) };
}

/**
 * @param {Frame} frame
 * @param {Story} story
 * @param {Piece} piece
 * @param {Marks} marks
 */
function drawPiece(frame, story, { chain, measured }, marks) {
  const { messages } = frame;
  if (!chain || !measured) return svg`${heading(0, 14, messages.t("ov-order"))}${moved(0, INTRO, drawOrder(frame, story.steps, marks))}`;
  const choices = extra(story, chain);
  return svg`${heading(0, 14, messages.t(`ov-chain-${chain.part}`, { type: chain.type }))}
    ${choices ? otherTabs(frame, story, chain.type) : nothing}
    ${moved(GUTTER, INTRO + choices, measured.lefts.length ? drawChain(frame, chain, measured, marks) : drawStack(frame, chain, measured, marks))}`;
}

/**
 * @param {Frame} frame
 * @param {Story} story
 * @param {string} type the one that is shown
 */
function otherTabs({ toggled }, story, type) {
  const choices = story.others.map((text) => ({ text, on: text === type, ...(text === type ? {} : { toggle: choice(toggled, "compare", text) }) }));
  return tabs(0, 24, 1000, choices).svg;
}

/** @typedef {{x: number, y: number, piece: Piece}} Placed */

/**
 * Where the parts go: the first arrangement that fits, with the larger names if they do.
 * @param {Frame} frame
 * @param {Story} story
 * @param {number} room
 * @returns {{placed: Placed[], width: number, height: number}}
 */
function arrange(frame, story, room) {
  const order = story.steps.length ? measureOrder(frame, story.steps) : null;
  /** @type {Piece[]} */
  const calls = order ? [{ chain: null, measured: null, width: order.width, height: order.height + INTRO }] : [];
  const sizes = [13, 12].map((size) => story.chains.map((chain) => piece(frame, story, chain, size)));
  for (const [first, ...rest] of sizes) {
    const made = beside([[first], calls, rest]);
    if (made.width <= room) return made;
  }
  for (const [first, ...rest] of sizes) {
    const made = twoRows(first, calls, rest, room);
    if (made.width <= room) return made;
  }
  const [large, small] = sizes.map(([first, ...rest]) => beneath([[first], ...pairs([...calls, ...rest], room)]));
  if (small.width <= room) return large.width <= room && large.height < small.height + 100 ? large : small;
  const width = Math.max(NARROWEST, room - GUTTER);
  const stacks = story.chains.map((chain) => {
    const measured = measureStack(chain, width);
    return { chain, measured, width: width + GUTTER, height: measured.height + INTRO + extra(story, chain) };
  });
  return beneath([stacks.slice(0, 1), calls, ...stacks.slice(1).map((stack) => [stack])].filter((row) => row.length));
}

/**
 * @param {Frame} frame
 * @param {Story} story
 * @param {Chain} chain
 * @param {number} size
 * @returns {Piece}
 */
function piece(frame, story, chain, size) {
  const measured = measureChain(frame, chain, size);
  return { chain, measured, width: measured.width + GUTTER, height: measured.height + INTRO + extra(story, chain) };
}

/**
 * What the choice of types to compare with takes.
 * @param {Story} story
 * @param {Chain} chain
 */
function extra(story, chain) {
  return chain.part === "other" && story.others.length > 1 ? TABS : 0;
}

/**
 * Columns beside each other.
 * @param {Piece[][]} columns
 */
function beside(columns) {
  let x = 0;
  /** @type {Placed[]} */
  const placed = [];
  let height = 0;
  for (const column of columns) {
    if (!column.length) continue;
    let y = 0;
    for (const part of column) {
      placed.push({ x, y, piece: part });
      y += part.height + BETWEEN;
    }
    height = Math.max(height, y - BETWEEN);
    x += Math.max(...column.map(({ width }) => width)) + BETWEEN;
  }
  return { placed, width: x - BETWEEN, height };
}

/**
 * The card with the order beside it, the other chains under them; or, where that is too wide, another chain beside the card.
 * @param {Piece} first
 * @param {Piece[]} calls
 * @param {Piece[]} rest
 * @param {number} room
 */
function twoRows(first, calls, rest, room) {
  if (!calls.length) return beneath(pairs([first, ...rest], room));
  const upper = beneath([[first, ...calls], ...pairs(rest, room)]);
  if (upper.width <= room || rest.length < 1) return upper;
  return beneath([[first, /** @type {Piece} */ (rest.at(-1))], ...pairs([...calls, ...rest.slice(0, -1)], room)]);
}

/**
 * Rows of parts that fit beside each other.
 * @param {Piece[]} parts
 * @param {number} room
 */
function pairs(parts, room) {
  /** @type {Piece[][]} */
  const rows = [];
  let left = 0;
  for (const part of parts) {
    if (!rows.length || left + BETWEEN + part.width > room) {
      rows.push([part]);
      left = part.width;
    } else {
      rows[rows.length - 1].push(part);
      left += BETWEEN + part.width;
    }
  }
  return rows;
}

/**
 * Rows under each other.
 * @param {Piece[][]} rows
 */
function beneath(rows) {
  let y = 0;
  let width = 0;
  /** @type {Placed[]} */
  const placed = [];
  for (const row of rows) {
    let x = 0;
    for (const part of row) {
      placed.push({ x, y, piece: part });
      x += part.width + BETWEEN;
    }
    width = Math.max(width, x - BETWEEN);
    y += Math.max(...row.map(({ height }) => height)) + BETWEEN;
  }
  return { placed, width, height: y - BETWEEN };
}

/**
 * Give functions their marks: in the order in which the classes are written, so that a mark does not depend on the step.
 * @param {Frame} frame
 * @param {Marks} marks
 * @param {ClassRow[]} rows
 * @param {Slot[]} slots
 */
function noteNames(frame, marks, rows, slots) {
  const facts = factsOf(frame.run);
  for (const { id } of rows) {
    for (const { key } of slots) {
      const value = facts.finally(id, key);
      if (value && typeof value === "object" && "name" in value) marks.note(value.name);
    }
  }
}

/**
 * @param {Frame} frame
 * @param {Story} story
 */
function cardTabs({ run, toggled }, story) {
  const cards = cardsOf(run).filter(({ network, asked }) => network || asked);
  if (cards.length < 2) return [];
  return cards.map(({ id }) => ({
    text: run.names.label(id),
    on: id === story.device,
    ...(id === story.device ? {} : { toggle: choice(toggled, "card", run.names.stable(id)) }),
  }));
}

/**
 * The height that should be in sight: the class that this step changed, or the call that was entered.
 * @param {Frame} frame
 * @param {Placed[]} placed
 * @param {Story} story
 * @param {number} top
 */
function followed(frame, placed, story, top) {
  for (const { y, piece: part } of placed) {
    if (part.chain && part.measured) {
      const row = part.chain.rows.findIndex(({ created, slots }) => created || slots.some(({ changed }) => changed));
      if (row !== -1) return top + y + INTRO + part.measured.tops[row] + part.measured.heights[row] / 2;
    } else {
      const step = story.steps.findLastIndex((each) => frame.changes.from <= each.enter && each.enter < frame.at);
      if (step !== -1) return top + y + INTRO + measureOrder(frame, story.steps).tops[step] + 20;
    }
  }
  return undefined;
}

/**
 * @param {Frame} frame
 * @param {Story} story
 */
function summary({ messages }, story) {
  const first = story.chains[0];
  const now = functionIn(first.rows.filter(({ here }) => here), "DeviceClass.realize");
  const done = story.steps.filter((step) => step.enter >= 0).length;
  return messages.t("ov-label", { type: story.type, name: now ?? "NULL", done });
}

