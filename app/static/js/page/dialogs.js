/**
 * Dialogs: the palette, the sheet of keys, breakpoints, ready command lines.
 * @module
 */

import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { ref } from "../../vendor/lit-html/directives/ref.js";
import { printedKey } from "../core/commands.js";
import { commands, title } from "./commands.js";
import { icon } from "./icons.js";
import { pagesDialog } from "./pages.js";

/** @typedef {import("./app.js").App} App */

let filter = "";
let chosen = 0;

/** @param {App} app */
export function dialogs(app) {
  if (!app.dialog) {
    filter = "";
    chosen = 0;
    return nothing;
  }
  const close = () => {
    app.dialog = "";
    app.changed();
  };
  return html`<dialog
    class=${app.dialog}
    aria-label=${app.messages.t(`dialog-${app.dialog}`)}
    @close=${close}
    @click=${(/** @type {MouseEvent} */ event) => {
      if (event.target === event.currentTarget) close();
    }}
  ><div class="sheet">${BODIES[app.dialog](app, close)}</div></dialog>`;
}

/**
 * Open the dialog that was just drawn. Call after each drawing of the page.
 * @param {App} app
 */
export function openDialog(app) {
  if (!app.dialog) return;
  const dialog = document.querySelector("dialog");
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.querySelector("input")?.focus();
}

/** @type {Record<Exclude<App["dialog"], "">, (app: App, close: () => void) => unknown>} */
const BODIES = { palette, keys, breakpoints, scenarios, pages: pagesDialog };

/**
 * What the palette offers: commands, ready command lines, functions and types of the run.
 * @param {App} app
 * @returns {{text: string, hint: string, run: () => void}[]}
 */
function offers(app) {
  const found = commands.all
    .filter((command) => command.id !== "palette" && (command.enabled?.(app) ?? true))
    .map(({ id, keys = [] }) => ({ text: title(app, id), hint: keys.map(printedKey).join("  "), run: () => commands.run(id, app) }));
  for (const { argv, [app.messages.lang]: text } of app.scenarios) {
    found.push({ text, hint: app.messages.t("run"), run: () => app.start(argv) });
  }
  const { run } = app;
  if (run && filter) {
    for (const name of new Set(run.header.functions.map((info) => info.name))) {
      found.push({ text: name, hint: app.messages.t("selected-function"), run: () => app.select(`function:${name}`) });
    }
    for (const name of run.columns.types.list) {
      found.push({ text: name, hint: app.messages.t("selected-type"), run: () => app.select(`type:${name}`) });
    }
  }
  const words = filter.toLowerCase().split(/\s+/);
  return found.filter(({ text }) => words.every((word) => text.toLowerCase().includes(word))).slice(0, 60);
}

/**
 * @param {App} app
 * @param {() => void} close
 */
function palette(app, close) {
  const list = offers(app);
  chosen = Math.max(0, Math.min(chosen, list.length - 1));
  const act = (/** @type {number} */ place) => {
    close();
    list[place]?.run();
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) chosen = (chosen + move + list.length) % Math.max(1, list.length);
    else if (event.key === "Enter") act(chosen);
    else return;
    event.preventDefault();
    app.redraw();
  };
  return html`<input
      type="text" role="combobox" aria-expanded="true" aria-controls="offers" aria-activedescendant="offer-${chosen}" aria-label=${app.messages.t("dialog-palette")}
      placeholder=${app.messages.t("palette-hint")} autocomplete="off" spellcheck="false"
      @input=${(/** @type {InputEvent} */ event) => {
        filter = /** @type {HTMLInputElement} */ (event.target).value;
        chosen = 0;
        app.redraw();
      }}
      @keydown=${key}
    />
    <ul id="offers" role="listbox" aria-label=${app.messages.t("dialog-palette")}>${list.map(
      ({ text, hint }, i) => html`<li id="offer-${i}" role="option" aria-selected=${String(i === chosen)}
        ${ref((element) => {
          if (i === chosen) element?.scrollIntoView({ block: "nearest" });
        })}
        @click=${() => act(i)}><span>${text}</span><kbd>${hint}</kbd></li>`,
    )}</ul>`;
}

/** @param {App} app */
function keys(app) {
  const groups = new Map();
  for (const command of commands.all) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return html`<h2>${app.messages.t("dialog-keys")}</h2>
    <div class="columns">${[...groups].map(
      ([group, list]) => html`<section><h3>${app.messages.t(`group-${group}`)}</h3><dl>
        ${list.map(
          (/** @type {import("../core/commands.js").Command<App>} */ { id, keys = [] }) =>
            html`<dt>${keys.map((key) => html`<kbd>${printedKey(key)}</kbd> `)}</dt><dd>${title(app, id)}</dd>`,
        )}</dl></section>`,
    )}</div>
    <p class="dim">${app.messages.t("clicker-hint")}</p>`;
}

/** @param {App} app */
function breakpoints(app) {
  return html`<h2>${app.messages.t("dialog-breakpoints")}</h2>
    <p class="dim">${app.messages.t("breakpoints-hint")}</p>
    <form @submit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      const field = /** @type {HTMLInputElement} */ (/** @type {HTMLFormElement} */ (event.target).elements.namedItem("query"));
      if (field.value.trim() && !app.breakpoints.includes(field.value.trim())) app.toggleBreakpoint(field.value.trim());
      field.value = "";
    }}><input name="query" class="mono" autocomplete="off" spellcheck="false" placeholder="field:DeviceClass.realize" aria-label=${app.messages.t("breakpoint")} />
      <button>${app.messages.t("add")}</button></form>
    <ul class="rows">${app.breakpoints.map(
      (query) => html`<li><code>${query}</code><button class="tool small" title=${app.messages.t("remove")} @click=${() => app.toggleBreakpoint(query)}>${icon("close")}</button></li>`,
    )}</ul>`;
}

/**
 * @param {App} app
 * @param {() => void} close
 */
function scenarios(app, close) {
  return html`<h2>${app.messages.t("dialog-scenarios")}</h2>
    <ul class="rows">${app.scenarios.map(
      ({ argv, [app.messages.lang]: text }) => html`<li><button class="scenario" @click=${() => {
        close();
        app.start(argv);
      }}><b>${text}</b><code>${argv}</code></button></li>`,
    )}</ul>`;
}
