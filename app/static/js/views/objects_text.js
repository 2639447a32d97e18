/**
 * The view "objects" without a picture: a table, trees, Mermaid.
 * @module
 */

import { Ref, show } from "../core/values.js";
import { memoryRows } from "./objects_memory.js";

/** @typedef {import("./view.js").Frame} Frame */
/** @typedef {import("./view.js").Table} Table */
/** @typedef {import("./view.js").Row} Row */
/** @typedef {import("./objects.js").Model} Model */
/** @typedef {import("./objects_tree.js").Node} Node */

/**
 * @param {Frame} frame
 * @param {Model} model
 * @returns {Table}
 */
export function objectsTable(frame, model) {
  const { messages, changes, run } = frame;
  /** @type {Row[]} */
  const rows = [];
  const title = (/** @type {string} */ id, /** @type {Record<string, string | number>} */ args = {}) => rows.push({ level: 1, cells: [messages.t(id, args), "", "", ""] });
  if (model.memory) {
    title("ob-memory", { type: run.names.get(model.device)?.type ?? "", size: model.memory.size });
    rows.push(...memoryRows(frame, model.memory));
  }
  title("ob-net");
  for (const { ends } of model.links) {
    for (const client of ends) {
      const object = frame.state.get(client.id);
      if (!object) continue;
      const text = (/** @type {string} */ field) => {
        const value = object.fields.get(`NetClientState.${field}`);
        return value instanceof Ref ? run.names.label(value.id) : typeof value === "string" ? value : "";
      };
      rows.push({
        level: 2,
        cells: [
          { text: text("name") || run.names.label(client.id), select: `object:${client.id}`, changed: changes.object(client.id) },
          [messages.t(`ob-side-${client.side}`), text("model")].filter(Boolean).join(", "),
          text("peer") ? `peer ${text("peer")}` : "",
          text("info_str"),
        ],
      });
    }
  }
  title("ob-buses");
  rows.push(...treeRows(model.buses));
  title("ob-qom");
  rows.push(...treeRows(model.qom));
  if (model.chosen) title("ob-fields", { name: run.names.label(model.chosen) });
  for (const { field, text, value } of model.fields) {
    rows.push(
      field
        ? { level: 3, cells: [{ text, select: `field:${model.chosen}:${field}` }, { text: show(/** @type {any} */ (value), (id) => run.names.label(id)), changed: changes.field(model.chosen, field) }, "", ""] }
        : { level: 2, cells: [text, "", "", ""] },
    );
  }
  return { caption: messages.t("view-objects"), head: ["head-object", "ob-head-what", "ob-head-where", "ob-head-more"].map((id) => messages.t(id)), rows };
}

/**
 * @param {readonly Node[]} nodes
 * @returns {Row[]}
 */
function treeRows(nodes) {
  return nodes
    .filter(({ kind }) => kind !== "more")
    .map((node) => ({ level: node.level + 2, cells: [{ text: node.name, select: `object:${node.id}`, changed: node.changed }, node.type, node.note, ""] }));
}

/**
 * @param {Frame} frame
 * @param {Model} model
 * @returns {Record<string, () => string>}
 */
export function objectsTexts(frame, model) {
  return { tree: () => trees(frame, model), mermaid: () => mermaid(frame, model) };
}

/**
 * @param {Frame} frame
 * @param {Model} model
 */
function trees({ messages }, model) {
  const lines = (/** @type {readonly Node[]} */ nodes) => nodes.map(({ level, name, type, note }) => `${"  ".repeat(level)}${[name, type === name ? "" : type, note].filter(Boolean).join("  ")}`);
  return [messages.t("ob-buses"), ...lines(model.buses), "", messages.t("ob-qom"), ...lines(model.qom), ""].join("\n");
}

/**
 * @param {Frame} frame
 * @param {Model} model
 */
function mermaid({ run, state }, model) {
  const lines = ["flowchart LR"];
  const name = (/** @type {string} */ text) => text.replaceAll('"', "#quot;");
  /** @type {Node[]} */
  const path = [];
  for (const node of model.buses) {
    if (node.kind === "more") continue;
    path.length = node.level;
    lines.push(node.kind === "bus" ? `  o${node.id}[["${name(node.name)}"]]` : `  o${node.id}["${name(node.name)}<br/>${node.type}"]`);
    const parent = path[node.level - 1];
    if (parent) lines.push(`  o${parent.id} --- o${node.id}`);
    path[node.level] = node;
  }
  for (const { ends } of model.links) {
    for (const { id } of ends) if (state.get(id)) lines.push(`  o${id}(["${name(run.names.label(id))}"])`);
    if (ends.length === 2 && state.get(ends[0].id)?.fields.get("NetClientState.peer") instanceof Ref) lines.push(`  o${ends[0].id} <-->|peer| o${ends[1].id}`);
  }
  return `${lines.join("\n")}\n`;
}
