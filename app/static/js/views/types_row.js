/**
 * One type in four boxes, for the view "types": its TypeInfo in the source, its TypeImpl in the type table, its class, its instances.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { line, surface } from "./draw.js";
import { arrow, box, changed, label, picked, textWidth } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./types_model.js").TypeRow} TypeRow */

const LINE = 17.5;
const PAD = 11;

/**
 * Where the four boxes are.
 * @typedef {object} Columns
 * @property {number[]} x
 * @property {number[]} width
 * @property {boolean} folded class and instances stand under TypeInfo and TypeImpl
 * @property {number} size of the text
 * @property {number} indent how far a type stands in from its parent
 */

/**
 * A line of a box: a name and a value, which goes under the name where there is no room behind it.
 * @typedef {object} Said
 * @property {string} name
 * @property {string} value
 * @property {string} [cls]
 * @property {string} [select]
 * @property {boolean} [changed]
 */

/**
 * @param {Said} said
 * @param {number} width
 * @param {number} size
 */
function linesOf({ name, value }, width, size) {
  return name && textWidth(`${name} ${value}`, size) + 2 * PAD > width ? 2 : 1;
}

/**
 * A type's name in one line, or in two where it is too long for one.
 * @param {string} name
 * @param {number} width
 */
function nameLines(name, width) {
  if (textWidth(name, 13) <= width) return [name];
  const cut = [...name.matchAll(/-/g)].map(({ index }) => index + 1).findLast((index) => textWidth(name.slice(0, index), 13) <= width);
  return cut ? [name.slice(0, cut), name.slice(cut)] : [name];
}

/**
 * @param {TypeRow} row
 * @returns {Said[]}
 */
function implLines(row) {
  return [
    ...row.entries.map((entry) => ({
      name: entry.name,
      value: entry.value,
      cls: entry.fn ? "m fn" : "m ink3",
      changed: entry.changed,
      ...(entry.fn ? { select: `function:${entry.value}` } : {}),
    })),
    ...row.interfaces.map((value, i) => ({ name: i ? "" : "interfaces", value, cls: "m", select: `type:${value}` })),
  ];
}

/**
 * @param {TypeRow} row
 * @returns {Said[]}
 */
function classLines(row) {
  return row.written.map(({ slot, name, now, changed: fresh }) => ({
    name: `${slot} =`,
    value: now ?? name,
    cls: now === null ? "m ink3" : "m fn",
    changed: fresh,
    select: now === null ? `field:${row.klass}:${slot}` : `function:${now}`,
  }));
}

/**
 * Heights of the four boxes.
 * @param {TypeRow} row
 * @param {Columns} columns
 */
function heights(row, { width, size, indent }) {
  const sum = (/** @type {Said[]} */ lines, /** @type {number} */ own) => lines.reduce((total, said) => total + linesOf(said, own, size) * LINE, 0);
  const names = nameLines(row.type, width[0] - row.level * indent - 26).length;
  return [49 + 17 * names, sum(implLines(row), width[1]) + LINE + 16, 50 + sum(classLines(row), width[2]), 66];
}

/**
 * @param {TypeRow} row
 * @param {Columns} columns
 */
export function rowHeight(row, columns) {
  const [info, impl, klass, instance] = heights(row, columns);
  return columns.folded ? Math.max(info, impl) + 14 + Math.max(klass, instance) : Math.max(info, impl, klass, instance);
}

/**
 * @param {Frame} frame
 * @param {TypeRow} row
 * @param {Columns} columns
 * @param {number} y
 */
export function drawRow(frame, row, columns, y) {
  const own = heights(row, columns);
  const lower = columns.folded ? y + Math.max(own[0], own[1]) + 14 : y;
  const { x, width } = columns;
  const upper = Math.max(own[0], own[1]);
  const under = columns.folded ? Math.max(own[2], own[3]) : 0;
  const all = rowHeight(row, columns);
  const inset = row.level * columns.indent;
  const y2 = lower + 24;
  return svg`${columns.folded ? svg`<rect x=${x[0] + inset - 5} y=${y - 5} width=${x[1] + width[1] - x[0] - inset + 10} height=${all + 10} rx="7" class="group"></rect>` : nothing}
    ${infoBox(frame, row, x[0] + inset, y, width[0] - inset, columns.folded ? upper : all)}
    ${link(x[0] + width[0], x[1], y + 24, row.registered, row.registeredNow)}
    ${implBox(frame, row, x[1], y, width[1], columns.folded ? upper : all, columns.size)}
    ${columns.folded ? nothing : link(x[1] + width[1], x[2], y2, row.initialized, row.initializedNow)}
    ${classBox(frame, row, columns.folded ? x[2] + inset : x[2], lower, columns.folded ? width[2] - inset : width[2], columns.folded ? under : all, columns.size)}
    ${link(x[2] + width[2], x[3], y2, row.instances.length > 0, row.instancesChanged)}
    ${instanceBox(frame, row, x[3], lower, width[3], columns.folded ? under : all)}`;
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} y
 * @param {boolean} here
 * @param {boolean} now
 */
function link(from, to, y, here, now) {
  return arrow(`M${from + 2} ${y}H${to - 6}`, to - 2, y, 0, now ? "chg" : here ? "" : "faint");
}

/**
 * @param {Said[]} lines
 * @param {number} x
 * @param {number} y base line of the first
 * @param {number} width
 * @param {number} size
 */
function drawLines(lines, x, y, width, size) {
  let at = y;
  return lines.map((said) => {
    const two = linesOf(said, width, size) === 2;
    const top = at;
    at += two ? 2 * LINE : LINE;
    return svg`${said.changed ? changed(x + 1, top - 13, width - 2, (two ? 2 : 1) * LINE) : nothing}
      ${two
        ? svg`${label(x + PAD, top, said.name, { cls: "m ink3", size: textWidth(said.name, size) > width - PAD - 3 ? size - 0.5 : size })}${label(x + PAD + 12, top + LINE - 1, said.value, { cls: said.cls ?? "m", size, width: width - PAD - 16, ...(said.select ? { select: said.select } : {}) })}`
        : line(x + PAD, top, [
            { text: said.name ? `${said.name} ` : " ".repeat(Math.max(0, Math.min(11, Math.floor((width - 2 * PAD) / (0.6 * size)) - said.value.length))), cls: "m ink3" },
            { text: said.value, cls: said.cls ?? "m", ...(said.select ? { select: said.select } : {}) },
          ], size)}`;
  });
}

/**
 * @param {Frame} frame
 * @param {TypeRow} row
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function infoBox({ messages, selection }, row, x, y, width, height) {
  const on = selection?.kind === "type" && selection.name === row.type;
  const names = nameLines(row.type, width - 26);
  const y2 = y + 17 * names.length;
  return svg`<g><path d="M${x} ${y}H${x + width - 12}L${x + width} ${y + 12}V${y + height}H${x}z" class="sheet"></path>
    <path d="M${x + width - 12} ${y}v12h12" class="sheet-fold"></path>
    ${surface(x, y, width, height, { select: `type:${row.type}`, title: row.type })}
    ${on ? picked(x, y, width, height) : nothing}
    ${names.map((name, i) => label(x + PAD, y + 20 + i * 17, name, { cls: "m b", size: 13, select: `type:${row.type}`, width: width - 14 }))}
    ${line(x + PAD, y2 + 21, row.parent
      ? [
          width > 180 ? { text: "parent ", cls: "m ink3" } : { text: "↑ ", cls: "m ink3" },
          { text: row.parent, cls: "m", select: `type:${row.parent}` },
        ]
      : [{ text: messages.t("ty-root"), cls: "ink3" }], textWidth(`parent ${row.parent}`, 12) > width - 18 ? 11 : 12)}
    ${row.modelled
      ? label(x + PAD, y2 + 38, row.file, { cls: "m ink3", size: 11.5, width: width - 16, ...(row.byCall >= 0 ? { select: `call:${row.byCall}` } : {}) })
      : label(x + PAD, y2 + 38, messages.t("not-modelled"), { cls: "err", size: 11.5 })}</g>`;
}

/**
 * @param {Frame} frame
 * @param {TypeRow} row
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {number} size
 */
function implBox({ messages, selection }, row, x, y, width, height, size) {
  const on = selection && "id" in selection && selection.id === row.impl;
  if (!row.registered) return svg`${box(x, y, width, height, { cls: "ghost", radius: 5 })}${label(x + PAD, y + 20, messages.t("ty-unregistered"), { cls: "ink3" })}`;
  const lines = implLines(row);
  const used = lines.reduce((sum, said) => sum + linesOf(said, width, size), 0);
  const y2 = y + 18 + used * LINE + 2;
  return svg`<g>${box(x, y, width, height, { cls: "paper", radius: 5 })}
    ${surface(x, y, width, height, { select: `object:${row.impl}`, title: `TypeImpl ${row.type}` })}
    ${row.registeredNow ? svg`<rect x=${x} y=${y} width=${width} height=${height} rx="5" class="changed-frame"></rect>` : nothing}
    ${on ? picked(x + 1, y + 1, width - 2, height - 2) : nothing}
    ${drawLines(lines, x, y + 18, width, size)}
    ${row.sizesChanged ? changed(x + 1, y2 - 13, width - 2, LINE) : nothing}
    ${line(x + PAD, y2, [
      { text: "size ", cls: "m ink3" },
      { text: `${row.sizes[0]} / ${row.sizes[1]}`, cls: "m", select: `field:${row.impl}:class_size` },
      { text: " ", cls: "m" },
      row.abstract ? { text: "abstract", cls: "m b" } : null,
    ], size)}</g>`;
}

/**
 * The structs of a class or an instance as blocks in a row: those of the parent, and the own one.
 * @param {readonly string[]} structs
 * @param {boolean} own
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {string} cls
 * @param {Frame} frame
 */
function blocks(structs, own, x, y, width, cls, { run }) {
  const each = Math.min(30, Math.floor(width / Math.max(1, structs.length)) - 2);
  return structs.map(
    (name, i) => svg`<rect x=${x + i * (each + 2)} y=${y} width=${each} height="9" rx="1.5" class="block ${cls} ${own && i === structs.length - 1 ? "own" : ""}">
      <title>${name} (${run.header.structs[name]?.size ?? "?"} B)</title></rect>`,
  );
}

/**
 * @param {Frame} frame
 * @param {TypeRow} row
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {number} size
 */
function classBox(frame, row, x, y, width, height, size) {
  const { messages, run, selection } = frame;
  const struct = row.classStructs.at(-1) ?? "";
  if (!row.initialized) {
    return svg`${box(x, y, width, height, { cls: "ghost", radius: 5 })}${label(x + PAD, y + 20, messages.t("ty-no-class"), { cls: "ink3" })}`;
  }
  const on = selection && "id" in selection && selection.id === row.klass;
  const bytes = run.header.structs[struct]?.size;
  return svg`<g>${box(x, y, width, height, { cls: "paper", radius: 5 })}
    ${surface(x, y, width, height, { select: `object:${row.klass}`, title: `class ${row.type}` })}
    ${row.initializedNow ? svg`<rect x=${x} y=${y} width=${width} height=${height} rx="5" class="changed-frame"></rect>` : nothing}
    ${row.classChanged && !row.initializedNow ? changed(x + 1, y + 1, width - 2, 40) : nothing}
    ${on ? picked(x + 1, y + 1, width - 2, height - 2) : nothing}
    ${line(x + PAD, y + 20, [
      { text: struct, cls: row.ownClass ? "m b cls" : "m cls", size: 13 },
      { text: `  ${bytes ?? "?"} B`, cls: "ink3" },
      row.fields && width > 240 ? { text: ` · ${messages.t("ty-fields", { count: row.fields })}`, cls: "ink3" } : null,
    ])}
    ${blocks(row.classStructs, row.ownClass, x + PAD, y + 28, width - 2 * PAD, "cls", frame)}
    ${drawLines(classLines(row), x, y + 56, width, size)}</g>`;
}

/**
 * @param {Frame} frame
 * @param {TypeRow} row
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function instanceBox(frame, row, x, y, width, height) {
  const { messages, run } = frame;
  const struct = row.structs.at(-1) ?? "";
  const count = row.instances.length;
  return svg`<g>${box(x, y, width, height, { cls: count ? "paper" : "ghost", radius: 5 })}
    ${row.instancesChanged ? changed(x + 1, y + 1, width - 2, height - 2) : nothing}
    ${line(x + PAD, y + 20, [
      { text: struct || "–", cls: `m ${count ? "obj" : "ink3"} ${row.ownStruct ? "b" : ""}`, size: width < 190 ? 11.5 : 13 },
      { text: `  ${row.size} B`, cls: "ink3" },
    ])}
    ${blocks(row.structs, row.ownStruct, x + PAD, y + 28, width - 2 * PAD, count ? "obj" : "none", frame)}
    ${count
      ? line(x + PAD, y + 56, [
          ...row.instances.slice(0, 2).map((id, i) => ({ text: `${i ? ", " : ""}${run.names.label(id)}`, cls: "obj", select: `object:${id}` })),
          count > 2 ? { text: ` + ${count - 2}`, cls: "ink3" } : null,
        ])
      : label(x + PAD, y + 56, messages.t(row.abstract ? "ty-abstract" : "ty-no-instance"), { cls: "ink3", width: width - 16 })}</g>`;
}
