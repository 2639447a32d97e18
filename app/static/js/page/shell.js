/**
 * The page as a whole: head, timeline, sentence, panes, dialogs.
 * @module
 */

import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { guard } from "../../vendor/lit-html/directives/guard.js";
import { live } from "../../vendor/lit-html/directives/live.js";
import { repeat } from "../../vendor/lit-html/directives/repeat.js";
import { button } from "./button.js";
import { commands, tip, title } from "./commands.js";
import { dialogs } from "./dialogs.js";
import { icon } from "./icons.js";
import { inspector } from "./inspector.js";
import { inspectorMenu } from "./inspector_picture.js";
import { LAYOUTS, layout, panesOf } from "./layouts.js";
import { monitor, monitorParts } from "./monitor.js";
import { sentenceBar } from "./sentencebar.js";
import { transport } from "./transport.js";

/** @typedef {import("./app.js").App} App */

/**
 * The page but for what is in its panes (page/panes.js). What a step leaves as it is stands in a `guard`, with everything that it
 * depends on: it is not even compared.
 * @param {App} app
 */
export function shell(app) {
  const present = layout(app.layout);
  const grid = app.maximized
    ? `grid-template: minmax(0, 1fr) / minmax(0, 1fr); grid-template-areas: "${app.maximized}"`
    : `grid-template-columns: ${present.columns}; grid-template-rows: ${present.rows}; grid-template-areas: ${present.areas.map((row) => `"${row}"`).join(" ")}`;
  return html`
    ${guard([app.messages, app.argv, app.theme, app.stage], () => head(app))}
    <div class="notices">${problems(app)}</div>
    ${transport(app)}
    ${sentenceBar(app)}
    <nav class="layouts" aria-label=${app.messages.t("layouts")}>
      ${guard([app.messages, app.layout], () => html`<div class="layout-tabs">${LAYOUTS.map(({ id }) => button(app, `layout-${id}`, { text: title(app, `layout-${id}`), pressed: id === app.layout, cls: "tab" }))}</div>`)}
      ${search(app)}
    </nav>
    <main class="panes layout-${present.id}" style=${grid}>
      ${app.run ? repeat(panesOf(app), (id) => id, (id) => html`<section class="pane" style="grid-area: ${id}" aria-labelledby="title-${id}" data-view=${id}></section>`) : welcome(app)}
    </main>
    ${app.run && app.selection && !panesOf(app).includes("inspector") ? drawer(app) : ""}
    ${guard(monitorParts(app), () => monitor(app))}
    ${dialogs(app)}`;
}

/** @param {App} app */
function head(app) {
  const { messages } = app;
  const t = (/** @type {string} */ id) => messages.t(id);
  return html`<header class="head">
    <h1><a href="/" aria-label="qomscope">qom<b>scope</b></a></h1>
    <form class="command" @submit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      commands.run("run", app);
    }}>
      <span class="prompt" aria-hidden="true">qemu-system-x86_64</span>
      <textarea
        id="argv" rows="1" spellcheck="false" autocomplete="off" autocapitalize="off" aria-label=${t("command-line")}
        .value=${live(app.argv)}
        @input=${(/** @type {InputEvent} */ event) => {
          app.argv = /** @type {HTMLTextAreaElement} */ (event.target).value.replaceAll("\n", " ");
        }}
        @keydown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            commands.run("run", app);
          }
        }}
      ></textarea>
      ${button(app, "scenarios", { icon: "list", text: t("scenarios") })}
      <button class="run" title=${tip(app, "run")}>${t("run")}</button>
    </form>
    <div class="tools">
      ${button(app, "palette", { icon: "search" })}
      ${button(app, "copy-link", { icon: "link" })}
      ${button(app, "save-file", { icon: "save" })}
      ${button(app, "theme", { icon: app.theme === "dark" ? "dark" : app.theme === "projector" ? "projector" : "light" })}
      ${button(app, "language", { text: messages.lang === "en" ? "中文" : "EN" })}
      ${button(app, "keys", { text: "?" })}
    </div>
  </header>`;
}

/** What went wrong, in the order of weight: the server's refusal, QEMU's own error, a lost connection. @param {App} app */
function problems(app) {
  const { messages, problem, run, connection } = app;
  const found = [];
  if (problem) {
    found.push(html`<p class="problem" role="alert"><b>${problem.message}</b>${problem.hint ? html` <span>${problem.hint}</span>` : ""}</p>`);
  }
  const ending = run?.ending;
  if (ending && (ending.exit !== 0 || ending.stderr)) {
    found.push(html`<div class="problem ${ending.exit === 0 ? "mild" : ""}" role="alert">
      <b>${messages.t("ended", { status: ending.exit })}</b><pre>${ending.stderr.trimEnd()}</pre></div>`);
  }
  if (ending?.stdout) found.push(html`<details class="printed"><summary>${messages.t("printed")}</summary><pre>${ending.stdout.trimEnd()}</pre></details>`);
  if (connection.state === "waiting") {
    found.push(html`<p class="problem mild" role="status">${connection.why || messages.t("connection-lost")} ${button(app, "reconnect", { text: messages.t("command-reconnect"), cls: "link" })}</p>`);
  }
  if (app.notice) found.push(html`<p class="notice" role="status">${app.notice}</p>`);
  return found;
}

/** @param {App} app */
function search(app) {
  const { messages, run } = app;
  const before = app.hits.findLastIndex((seq) => seq < app.at);
  return guard([messages, run, app.query, app.hits, before], () => html`<div class="search" role="search">
    ${icon("search")}
    <input
      id="search" type="search" autocomplete="off" spellcheck="false" placeholder=${messages.t("search-hint")} aria-label=${messages.t("search")}
      .value=${live(app.query)} list="search-facets"
      @input=${(/** @type {InputEvent} */ event) => app.setQuery(/** @type {HTMLInputElement} */ (event.target).value)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter") commands.run(event.shiftKey ? "previous-hit" : "next-hit", app);
        if (event.key === "Escape") /** @type {HTMLElement} */ (event.target).blur();
      }}
    />
    ${app.query && run
      ? html`<output aria-live="polite">${app.hits.length ? `${before + 1} / ${messages.number(app.hits.length)}` : messages.t("no-hits")}</output>
          ${button(app, "previous-hit", { icon: "back" })}${button(app, "next-hit", { icon: "forward" })}`
      : nothing}
  </div>`);
}

/** What is selected, beside the panes, in layouts that have no place for it. @param {App} app */
function drawer(app) {
  return html`<aside class="pane drawer" aria-label=${app.messages.t("view-inspector")}>
    <header><h2>${app.messages.t("view-inspector")}</h2><div class="pane-tools">${app.run ? inspectorMenu(app) : nothing}${button(app, "clear", { icon: "close", cls: "tool small" })}</div></header>
    <div class="scroll" tabindex="0" role="group" aria-label=${app.messages.t("view-inspector")}>${inspector(app)}</div>
  </aside>`;
}

/** @param {App} app */
function welcome(app) {
  const { messages, connection } = app;
  return html`<div class="welcome">
    ${connection.state === "connecting" || connection.state === "running"
      ? html`<p>${messages.t("starting")}</p>`
      : html`<p>${messages.t("welcome")}</p>`}
  </div>`;
}
