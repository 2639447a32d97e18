/**
 * The chain of capabilities, and the arrows from it to the regions behind the base addresses, for the view "config".
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { hexNumber } from "../qemu/registers.js";
import { line, surface } from "./draw.js";
import { arrow, box, changed, fit, label, picked, textWidth } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./config_model.js").Model} Model */
/** @typedef {import("../qemu/config_space.js").Capability} Capability */
/** @typedef {import("../qemu/config_space.js").Register} Register */
/** @typedef {import("./fx.js").Marks} Marks */

const POINTER = 30;
const GAP = 14;
const BOX_HEAD = 25;
const LINE = 18;
const INDENT = 26;

/**
 * A line in the box of a capability: a name and a value, from one register.
 * @typedef {object} Fact
 * @property {string} name
 * @property {string} value
 * @property {Register} register
 */

/**
 * What a capability's box says.
 * @param {Capability} capability
 * @returns {Fact[]}
 */
export function factsOfCapability(capability) {
  const { registers } = capability;
  /** @type {Fact[]} */
  const facts = [];
  const say = (/** @type {string} */ end, /** @type {string} */ name, /** @type {(register: Register) => string} */ value) => {
    const register = registers.find((each) => each.name.endsWith(end));
    if (register) facts.push({ name, value: value(register), register });
  };
  const number = (/** @type {Register} */ { value }) => hexNumber(Number(value));
  if (capability.kind) {
    say("cap.bar", "bar", ({ value }) => String(Number(value)));
    say("cap.offset", "offset", number);
    say("cap.length", "length", number);
    say("multiplier", "notify_off_multiplier", ({ value }) => String(Number(value)));
    say("pci_cfg_data", "pci_cfg_data", ({ value }) => value);
    return facts;
  }
  if (capability.name === "PCI_CAP_ID_MSIX") {
    say("_FLAGS", "vectors", ({ value }) => String((Number(value) & 0x7ff) + 1));
    for (const [i, end, name] of /** @type {[number, string, string][]} */ ([
      [0, "MSIX_TABLE", "table"],
      [1, "MSIX_PBA", "PBA"],
    ])) {
      const target = capability.targets[i];
      say(end, name, () => `BAR ${target.bar} + ${hexNumber(target.offset)}`);
    }
    return facts;
  }
  for (const register of registers) {
    if (/LIST_ID|LIST_NEXT|CAP_HEADER/.test(register.name) || facts.length > 3) continue;
    const said = register.fields.filter(({ value }) => value !== 0).map(({ name, single, text }) => (single ? lastWord(name, register.name) : lastWord(text, register.name)));
    if (/[1-9a-f]/.test(register.value.slice(2))) facts.push({ name: lastWord(register.name, "PCI"), value: [register.value, ...said].join(" "), register });
  }
  return facts;
}

/**
 * A name without what its register's name says already.
 * @param {string} name
 * @param {string} register
 */
function lastWord(name, register) {
  for (const prefix of [`${register}_`, `${register.replace(/_[A-Z0-9]+$/, "")}_`, "PCI_"]) if (name.startsWith(prefix)) return name.slice(prefix.length);
  return name;
}

/** @param {Capability} capability */
function boxHeight(capability) {
  const facts = factsOfCapability(capability);
  return BOX_HEAD + rowsOf(capability, facts).length * LINE + 8;
}

/**
 * Facts in lines: the three short ones of a virtio capability share one.
 * @param {Capability} capability
 * @param {Fact[]} facts
 * @returns {Fact[][]}
 */
function rowsOf({ kind }, facts) {
  return kind ? [facts.slice(0, 3), ...facts.slice(3).map((fact) => [fact])].filter((row) => row.length) : facts.map((fact) => [fact]);
}

/** @param {Model} model */
export function chainHeight(model) {
  const all = [...model.finally.capabilities, ...model.finally.extended];
  if (!all.length) return POINTER + 40;
  return POINTER + GAP + all.reduce((sum, capability) => sum + boxHeight(capability) + GAP, 0) + (model.finally.extended.length ? 30 : 0) + 14;
}

/**
 * The chain, with its left upper corner at (0, 0); `anchors` says where its boxes are.
 * @param {Frame} frame
 * @param {Model} model
 * @param {number} width
 * @param {Marks} marks
 */
export function drawChain(frame, model, width, marks) {
  const { messages } = frame;
  const { space } = model;
  /** @type {Map<number, {y: number, height: number}>} */
  const places = new Map();
  let y = POINTER + GAP + 6;
  for (const capability of model.finally.capabilities) {
    places.set(capability.at, { y, height: boxHeight(capability) });
    y += boxHeight(capability) + GAP;
  }
  const end = y;
  if (model.finally.extended.length) y += 30;
  for (const capability of model.finally.extended) {
    places.set(capability.at, { y, height: boxHeight(capability) });
    y += boxHeight(capability) + GAP;
  }
  const now = new Map([...space.capabilities, ...space.extended].map((capability) => [capability.at, capability]));
  const drawn = svg`${pointer(frame, model, width)}
    ${model.finally.capabilities.length || space.capabilities.length ? nothing : label(INDENT, POINTER + 34, messages.t("cfg-no-capabilities"), { cls: "ink3" })}
    ${model.finally.extended.length ? label(INDENT, end + 18, messages.t("cfg-extended"), { cls: "ink2" }) : nothing}
    ${[...model.finally.capabilities, ...model.finally.extended].map((last) => capabilityBox(frame, model, last, now.get(last.at) ?? null, /** @type {{y: number, height: number}} */ (places.get(last.at)), width, marks))}
    ${links(frame, model, places)}`;
  return { svg: drawn, places };
}

/**
 * The pointer at 0x34.
 * @param {Frame} frame
 * @param {Model} model
 * @param {number} width
 */
function pointer({ changes, selection }, model, width) {
  const select = `byte:${model.id}:PCIDevice.config:52:1`;
  const value = model.config ? hexNumber(model.config[0x34], 1) : "";
  const on = selection?.kind === "byte" && selection.id === model.id && selection.at === 0x34;
  return svg`${box(0, 0, width, POINTER, { cls: model.config ? "paper" : "ghost", radius: 6 })}
    ${changes.field(model.id, "PCIDevice.config", 0x34) ? changed(1, 1, width - 2, POINTER - 2) : nothing}
    ${surface(0, 0, width, POINTER, { select })}${on ? picked(1.5, 1.5, width - 3, POINTER - 3) : nothing}
    ${line(12, 20, [
      { text: "0x34 ", cls: "m ink3" },
      { text: "PCI_CAPABILITY_LIST", cls: "m" },
      { text: ` = ${value}`, cls: "m b" },
    ], 12.5)}`;
}

/**
 * @param {Frame} frame
 * @param {Model} model
 * @param {Capability} last as it will stand
 * @param {Capability | null} now
 * @param {{y: number, height: number}} place
 * @param {number} width
 * @param {Marks} marks
 */
function capabilityBox({ changes, messages, selection }, model, last, now, { y, height }, width, marks) {
  const x = INDENT;
  const own = width - INDENT;
  if (!now) {
    return svg`${box(x, y, own, height, { cls: "ghost", radius: 6 })}${label(x + 12, y + 18, hexNumber(last.at), { cls: "m ink3", size: 13 })}`;
  }
  const written = [];
  for (let i = 0; i < now.size; i++) if (changes.field(model.id, "PCIDevice.config", now.at + i)) written.push(now.at + i);
  const on = selection?.kind === "byte" && selection.id === model.id && selection.at >= now.at && selection.at < now.at + now.size;
  const facts = factsOfCapability(now);
  const short = now.name.replace(/^PCI_(EXT_)?CAP_ID_/, "");
  return svg`<g>${box(x, y, own, height, { cls: "paper", radius: 6 })}
    ${written.length ? changed(x + 1, y + 1, own - 2, height - 2) : nothing}
    ${on ? picked(x + 1.5, y + 1.5, own - 3, height - 3) : nothing}
    ${surface(x, y, own, height, { select: `byte:${model.id}:PCIDevice.config:${now.at}:${now.size}`, title: `${now.name} ${now.kind}` })}
    ${last.targets.length ? marks.draw(x + own - 16, y + 16, String(last.at)) : nothing}
    ${line(x + 12, y + 18, [
      { text: hexNumber(now.at), cls: "m b", size: 13 },
      { text: "  ", cls: "m" },
      now.kind ? { text: now.kind.replace("VIRTIO_PCI_CAP_", ""), cls: "m b", size: 13 } : { text: short, cls: "m b", size: 13 },
      { text: now.kind ? `  ${short}` : `  ${messages.t(`cfg-cap-${short}`) === `cfg-cap-${short}` ? "" : messages.t(`cfg-cap-${short}`)}`, cls: now.kind ? "m ink3" : "ink3", size: 11.5 },
    ])}
    ${rowsOf(now, facts).map((row, i) => factLine(model.id, row, x + 12, y + BOX_HEAD + 14 + i * LINE, own - 20))}</g>`;
}

/**
 * @param {number} id
 * @param {Fact[]} facts
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
function factLine(id, facts, x, y, width) {
  return line(
    x,
    y,
    facts.flatMap(({ name, value, register }, i) => {
      const select = `byte:${id}:PCIDevice.config:${register.at}:${register.size}`;
      return [
        { text: `${i ? "   " : ""}${name} `, cls: "m ink2", select },
        { text: facts.length > 1 ? value : fit(value, width - textWidth(`${name} `, 12), 12), cls: "m", select },
      ];
    }),
    12,
  );
}

/**
 * The arrows of the chain, as the bytes say now.
 * @param {Frame} frame
 * @param {Model} model
 * @param {Map<number, {y: number, height: number}>} places
 */
function links({ changes }, model, places) {
  const { capabilities, extended } = model.space;
  const links = [];
  const head = places.get(capabilities[0]?.at ?? -1);
  if (head) {
    const cls = changes.field(model.id, "PCIDevice.config", 0x34) ? "chg" : "link";
    links.push(arrow(`M12 ${POINTER}V${head.y + 8}q0 6 6 6h3`, INDENT - 1, head.y + 14, 0, cls));
  }
  for (const list of [capabilities, extended]) {
    for (const [i, capability] of list.entries()) {
      const from = places.get(capability.at);
      const to = places.get(list[i + 1]?.at ?? -1);
      if (!from) continue;
      const at = capability.extended ? capability.at + 2 : capability.at + 1;
      const cls = changes.field(model.id, "PCIDevice.config", at) ? "chg" : "link";
      if (to) links.push(arrow(`M${INDENT} ${from.y + from.height - 12}h-8q-6 0 -6 6V${to.y + 8}q0 6 6 6h3`, INDENT - 1, to.y + 14, 0, cls));
      else if (capability.next === 0) links.push(svg`<path d="M${INDENT} ${from.y + from.height - 12}h-8q-6 0 -6 6v8m-6 0h12m-9 3.5h6m-4 3.5h2" class="arrow link"></path>`);
    }
  }
  return links;
}

/**
 * The arrows from capabilities to regions.
 * @param {Frame} frame
 * @param {Model} model
 * @param {Map<number, {y: number, height: number}>} boxes
 * @param {ReturnType<typeof import("./config_bars.js").drawBars>["places"]} bars
 * @param {number} from x of the boxes' right edge
 * @param {number} to x of the bars' left edge
 */
export function drawTargets({ changes, selection }, model, boxes, bars, from, to) {
  return model.space.capabilities.flatMap((capability) =>
    capability.targets.map((target, i) => {
      const place = boxes.get(capability.at);
      const bar = bars.find((each) => each.bar.number === target.bar);
      if (!place || !bar) return nothing;
      const part = bar.parts.find((each) => target.offset >= each.from && target.offset < each.to);
      const y1 = place.y + BOX_HEAD + 10 + (capability.targets.length > 1 ? (i + 1) * LINE : 0);
      const y2 = part ? part.y + 12 : bar.y + 14;
      const x2 = part ? to + 9 : to;
      let fresh = false;
      for (let at = capability.at; at < capability.at + capability.size; at++) fresh ||= changes.field(model.id, "PCIDevice.config", at);
      const on = selection?.kind === "byte" && selection.id === model.id && selection.at >= capability.at && selection.at < capability.at + capability.size;
      const bend = (to - from) * 0.75;
      return arrow(`M${from} ${y1}C${from + bend} ${y1} ${to - bend * 0.6} ${y2} ${x2 - 6} ${y2}`, x2, y2, 0, fresh ? "chg" : on ? "taken" : "target");
    }),
  );
}
