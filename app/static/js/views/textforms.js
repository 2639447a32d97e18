/**
 * Text forms that every view has, made from its table: Markdown, an indented tree, tab-separated values.
 * @module
 */

/** @typedef {import("./view.js").Table} Table */
/** @typedef {import("./view.js").Cell} Cell */

/** @param {string | Cell} cell */
export function cellText(cell) {
  return typeof cell === "string" ? cell : cell.text;
}

/**
 * A Markdown table.
 * @param {Table} table
 */
export function markdown({ head, rows }) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  const lines = rows.map(({ cells, level = 1 }) => {
    const texts = cells.map(cellText);
    return line([`${"\u00a0\u00a0".repeat(level - 1)}${texts[0]}`, ...texts.slice(1)]);
  });
  return [line(head), line(head.map(() => "---")), ...lines, ""].join("\n");
}

/**
 * An indented tree of the rows' first cells, the other cells behind.
 * @param {Table} table
 */
export function tree({ rows }) {
  return rows
    .map(({ cells, level = 1 }) => {
      const [name, ...rest] = cells.map(cellText);
      return `${"  ".repeat(level - 1)}${[name, ...rest.filter(Boolean)].join("  ")}`;
    })
    .concat("")
    .join("\n");
}

/**
 * A graph as text.
 * @typedef {object} Graph
 * @property {{id: string, text: string, group?: string}[]} nodes ids are words (letters, digits, _)
 * @property {{from: string, to: string, text?: string}[]} edges
 */

/**
 * A graph in the languages of four drawing programs, as a view's `texts`.
 * @param {() => Graph} graph
 * @returns {Record<"mermaid" | "dot" | "d2" | "plantuml", () => string>}
 */
export function graphForms(graph) {
  const quoted = (/** @type {string} */ text) => `"${text.replaceAll('"', "'").replaceAll("\n", "\\n")}"`;
  return {
    mermaid() {
      const { nodes, edges } = graph();
      return lines("flowchart LR", grouped(nodes, (name, inner) => [`  subgraph ${word(name)}[${quoted(name)}]`, ...inner.map((row) => `  ${row}`), "  end"], ({ id, text }) => `  ${id}[${quoted(text)}]`), edges.map(({ from, to, text }) => `  ${from} -->${text ? `|${quoted(text)}|` : ""} ${to}`));
    },
    dot() {
      const { nodes, edges } = graph();
      return lines("digraph {", ["  rankdir=LR; node [shape=box];"], grouped(nodes, (name, inner) => [`  subgraph cluster_${word(name)} { label=${quoted(name)};`, ...inner.map((row) => `  ${row}`), "  }"], ({ id, text }) => `  ${id} [label=${quoted(text)}];`), edges.map(({ from, to, text }) => `  ${from} -> ${to}${text ? ` [label=${quoted(text)}]` : ""};`), ["}"]);
    },
    d2() {
      const { nodes, edges } = graph();
      const group = new Map(nodes.map((node) => [node.id, node.group]));
      const path = (/** @type {string} */ id) => (group.get(id) ? `${word(/** @type {string} */ (group.get(id)))}.${id}` : id);
      return lines("direction: right", grouped(nodes, (name, inner) => [`${word(name)}: ${quoted(name)} {`, ...inner.map((row) => `  ${row}`), "}"], ({ id, text }) => `${id}: ${quoted(text)}`), edges.map(({ from, to, text }) => `${path(from)} -> ${path(to)}${text ? `: ${quoted(text)}` : ""}`));
    },
    plantuml() {
      const { nodes, edges } = graph();
      return lines("@startuml", ["left to right direction"], grouped(nodes, (name, inner) => [`package ${quoted(name)} {`, ...inner.map((row) => `  ${row}`), "}"], ({ id, text }) => `rectangle ${quoted(text)} as ${id}`), edges.map(({ from, to, text }) => `${from} --> ${to}${text ? ` : ${text}` : ""}`), ["@enduml"]);
    },
  };
}

/**
 * @param {string} first
 * @param {string[][]} rest
 */
function lines(first, ...rest) {
  return [first, ...rest.flat(), ""].join("\n");
}

/** @param {string} name */
function word(name) {
  return name.replace(/\W+/g, "_");
}

/**
 * Rows of the nodes, those of a group together.
 * @param {Graph["nodes"]} nodes
 * @param {(name: string, inner: string[]) => string[]} around
 * @param {(node: Graph["nodes"][number]) => string} row
 */
function grouped(nodes, around, row) {
  const groups = [...new Set(nodes.map((node) => node.group ?? ""))];
  return groups.flatMap((name) => {
    const inner = nodes.filter((node) => (node.group ?? "") === name).map(row);
    return name ? around(name, inner) : inner;
  });
}
