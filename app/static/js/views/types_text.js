/**
 * The view "types" without a picture: a table, an indented tree, Mermaid.
 * @module
 */

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Table} Table */
/** @typedef {import("./types_model.js").TypeRow} TypeRow */

/**
 * @param {Frame} frame
 * @param {TypeRow[]} rows
 * @returns {Table}
 */
export function typesTable(frame, rows) {
  const { messages, run } = frame;
  return {
    caption: messages.t("view-types"),
    head: ["ty-head-type", "ty-head-parent", "ty-head-class", "ty-head-instance", "ty-head-sizes", "ty-head-abstract", "ty-head-class-init", "ty-head-instance-init", "ty-head-realize", "ty-head-interfaces", "ty-head-state"].map((id) => messages.t(id)),
    rows: rows.map((row) => {
      const entry = (/** @type {string} */ name) => {
        const found = row.entries.find((each) => each.name === name);
        return found?.fn ? { text: found.value, select: `function:${found.value}` } : "";
      };
      return {
        level: row.level + 1,
        cells: [
          { text: row.type, select: `type:${row.type}`, changed: row.registeredNow },
          row.parent ? { text: row.parent, select: `type:${row.parent}` } : "",
          row.initialized ? { text: row.classStructs.at(-1) ?? "", select: `object:${row.klass}`, changed: row.classChanged } : (row.classStructs.at(-1) ?? ""),
          row.structs.at(-1) ?? "",
          row.registered ? { text: `${run.header.structs[row.classStructs.at(-1) ?? ""]?.size ?? row.sizes[0]} / ${row.size}`, changed: row.sizesChanged } : "",
          row.abstract ? messages.t("ty-yes") : "",
          row.registered ? entry("class_init") : "",
          row.registered ? entry("instance_init") : "",
          {
            text: row.written.filter(({ now }) => now !== null).map(({ slot, now }) => `${slot} = ${now}`).join("; "),
            changed: row.written.some((slot) => slot.changed),
          },
          row.registered ? row.interfaces.join(", ") : "",
          stateOf(frame, row),
        ],
      };
    }),
  };
}

/**
 * How far a type has come.
 * @param {Frame} frame
 * @param {TypeRow} row
 */
function stateOf({ messages }, row) {
  if (!row.registered) return messages.t("ty-unregistered");
  if (!row.initialized) return messages.t("ty-no-class");
  return row.instances.length ? messages.t("ty-instances", { count: row.instances.length }) : messages.t(row.abstract ? "ty-abstract" : "ty-no-instance");
}

/**
 * @param {Frame} frame
 * @param {TypeRow[]} rows
 * @returns {Record<string, () => string>}
 */
export function typesTexts(frame, rows) {
  return { tree: () => tree(frame, rows), mermaid: () => mermaid(rows) };
}

/**
 * @param {Frame} frame
 * @param {TypeRow[]} rows
 */
function tree(frame, rows) {
  return rows
    .map((row) => {
      const indent = "  ".repeat(row.level);
      const lines = [`${indent}${row.type}  (${stateOf(frame, row)})`];
      if (row.registered) for (const { name, value, fn } of row.entries) if (fn) lines.push(`${indent}    ${name} = ${value}`);
      for (const { slot, now } of row.written) if (now !== null) lines.push(`${indent}    ${slot} = ${now}`);
      return lines.join("\n");
    })
    .concat("")
    .join("\n");
}

/** @param {TypeRow[]} rows */
function mermaid(rows) {
  const id = (/** @type {string} */ type) => type.replace(/[^A-Za-z0-9]/g, "_");
  const lines = ["classDiagram", "  direction TB"];
  for (const row of rows.filter(({ registered }) => registered)) {
    lines.push(`  class ${id(row.type)}["${row.type}"] {`);
    if (row.abstract) lines.push("    <<abstract>>");
    if (row.classStructs.length) lines.push(`    ${row.classStructs.at(-1)} class`);
    if (row.structs.length) lines.push(`    ${row.structs.at(-1)} instance`);
    for (const { name, value, fn } of row.entries) if (fn) lines.push(`    ${name} = ${value}`);
    for (const { slot, now } of row.written) if (now !== null) lines.push(`    ${slot} = ${now}`);
    lines.push("  }");
    if (row.parent && rows.some(({ type, registered }) => type === row.parent && registered)) lines.push(`  ${id(row.parent)} <|-- ${id(row.type)}`);
  }
  return `${lines.join("\n")}\n`;
}
