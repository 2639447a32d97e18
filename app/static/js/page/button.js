/**
 * Buttons of commands.
 * @module
 */

import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { commands, tip, title } from "./commands.js";
import { icon } from "./icons.js";

/** @typedef {import("./app.js").App} App */

/**
 * A button of a command.
 * @param {App} app
 * @param {string} id
 * @param {{icon?: string, text?: string, pressed?: boolean, cls?: string}} [look]
 */
export function button(app, id, look = {}) {
  const command = commands.get(id);
  return html`<button
    class=${look.cls ?? "tool"}
    title=${tip(app, id)}
    aria-label=${look.text ? nothing : title(app, id)}
    aria-pressed=${look.pressed === undefined ? nothing : String(look.pressed)}
    aria-keyshortcuts=${(command.keys ?? []).map((key) => key.replace("Ctrl", "Control")).join(" ") || nothing}
    ?disabled=${!(command.enabled?.(app) ?? true)}
    @click=${() => commands.run(id, app)}
  >${look.icon ? icon(look.icon) : ""}${look.text ? html`<span>${look.text}</span>` : ""}</button>`;
}
