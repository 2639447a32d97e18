/**
 * The table of a drawing, as HTML: the same content, reachable by keyboard and by ear.
 * @module
 */

import { html, nothing } from "../../vendor/lit-html/lit-html.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../views/view.js").Table} Table */
/** @typedef {import("../views/view.js").Cell} Cell */

/**
 * @param {App} app
 * @param {Table} table
 */
export function tableOf(app, { caption, head, rows }) {
  const tree = rows.some((row) => row.level !== undefined);
  const outermost = Math.min(...rows.map((row) => row.level ?? 1));
  return html`<table class="reading">
    <caption>${caption}</caption>
    <thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
    <tbody>
      ${rows.map(
        ({ cells, level = 1 }) => html`<tr>
          ${cells.map((cell, i) =>
            i === 0
              ? html`<th scope="row" style=${tree ? `padding-left: ${12 + Math.min(16, level - outermost) * 10}px` : nothing}>
                  ${tree ? html`<span class="sr">${app.messages.t("depth", { level })} </span>` : ""}${cellOf(app, cell)}</th>`
              : html`<td>${cellOf(app, cell)}</td>`,
          )}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/**
 * @param {App} app
 * @param {string | Cell} cell
 */
function cellOf(app, cell) {
  if (typeof cell === "string") return cell;
  const { text, select, changed } = cell;
  const body = changed ? html`<mark>${text}<span class="sr"> ${app.messages.t("changed-here")}</span></mark>` : text;
  return select ? html`<button class="link" data-select=${select}>${body}</button>` : body;
}
