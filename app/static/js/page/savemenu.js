/**
 * The menu "save" of a pane: pictures and text forms of its drawing, just as it stands.
 * @module
 */

import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { markdown, tree } from "../views/textforms.js";
import { picture, png, saveAs } from "./export.js";
import { icon } from "./icons.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../views/view.js").Drawing} Drawing */

/**
 * @param {App} app
 * @param {string} id
 * @param {() => Drawing} drawing made where it is wanted
 * @param {Drawing["texts"]} [more] further text forms, by the names that it has
 */
export function saveMenu(app, id, drawing, more = {}) {
  const { messages } = app;
  const act = (/** @type {() => unknown} */ run) => async (/** @type {Event} */ event) => {
    /** @type {HTMLElement} */ (event.currentTarget).closest("details")?.removeAttribute("open");
    await run();
  };
  /** @type {Record<string, () => string>} */
  const own = { markdown: () => markdown(drawing().table()), tree: () => tree(drawing().table()) };
  const textOf = (/** @type {string} */ form) => (drawing().texts?.[form] ?? own[form])();
  const theme = (/** @type {Element | null} */ menu) => /** @type {HTMLSelectElement | null} */ (menu?.querySelector("select"))?.value ?? "";
  const themed = (/** @type {(theme: string) => unknown} */ run) => (/** @type {Event} */ event) => {
    const menu = /** @type {HTMLElement} */ (event.currentTarget).closest("details");
    menu?.removeAttribute("open");
    return run(theme(menu));
  };
  return html`<details class="save" @toggle=${closeOthers}>
    <summary class="tool small" title=${messages.t("save")} aria-label=${messages.t("save-view", { view: messages.t(`view-${id}`) })}>${icon("save")}</summary>
    <div class="menu">
      <button @click=${themed(async (look) => saveAs(`qomscope-${id}-${app.at}.svg`, new Blob([await picture(app, id, drawing(), look)], { type: "image/svg+xml" })))}>SVG</button>
      ${[1, 2, 3].map(
        (factor) => html`<button @click=${themed(async (look) => saveAs(`qomscope-${id}-${app.at}@${factor}x.png`, await png(await picture(app, id, drawing(), look), factor)))}>PNG ${factor}×</button>`,
      )}
      <label>${messages.t("theme")} <select>
        ${["", "light", "dark", "projector"].map((look) => html`<option value=${look}>${messages.t(look ? `theme-${look}` : "theme-as-shown")}</option>`)}
      </select></label>
      ${id === "inspector"
        ? nothing
        : html`<button @click=${act(() => {
            app.pagesOf = id;
            app.dialog = "pages";
            app.changed();
          })}>${messages.t("pages")}</button>`}
      <hr />
      ${Object.keys({ ...own, ...more }).map(
        (form) => html`<button @click=${act(async () => {
          await navigator.clipboard.writeText(textOf(form));
          app.say(messages.t("notice-copied"));
        })}>${messages.t("copy-as", { form: messages.t(`form-${form}`) })}</button>`,
      )}
    </div>
  </details>`;
}

/** @param {Event} event */
function closeOthers(event) {
  const own = /** @type {HTMLDetailsElement} */ (event.target);
  if (own.open) for (const other of document.querySelectorAll("details.save[open]")) if (other !== own) other.removeAttribute("open");
}

document.addEventListener("pointerdown", (event) => {
  for (const menu of document.querySelectorAll("details.save[open]")) {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
  }
});
