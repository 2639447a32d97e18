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
