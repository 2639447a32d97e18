/**
 * Starts the page.
 * @module
 */

import { render } from "../vendor/lit-html/lit-html.js";
import { choose, load } from "./core/i18n.js";
import { App } from "./page/app.js";
import { commands } from "./page/commands.js";
import { openDialog } from "./page/dialogs.js";
import { linkOf } from "./page/export.js";
import { measuring } from "./page/frame.js";
import { drawPanes } from "./page/panes.js";
import { answer, held, text } from "./page/resources.js";
import { shell } from "./page/shell.js";

const root = /** @type {HTMLElement} */ (document.querySelector("#page"));

/** A tab that is not seen gets no frames: after so many milliseconds it is drawn all the same. */
const LATEST = 150;

/** Milliseconds of a frame in which panes are begun: the last of them, and what the browser then has to do, take about twice as long again. */
const BUDGET = 5;

let frame = 0;
let drawn = false;
/** Whether more than panes is to be drawn. */
let stale = true;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
const watch = measuring(draw);

/** Say at once what the page is doing; draw it with the next frame. */
function draw() {
  document.documentElement.dataset.state = app.stage;
  stale = true;
  app.shown = false;
  soon();
}

function soon() {
  if (frame) return;
  frame = requestAnimationFrame(() => drawNow(BUDGET));
  timer = setTimeout(() => drawNow(Infinity), LATEST);
}

/** @param {number} budget */
function drawNow(budget) {
  const until = performance.now() + budget;
  cancelAnimationFrame(frame);
  clearTimeout(timer);
  frame = 0;
  const all = stale;
  stale = false;
  if (!drawn) root.replaceChildren(); // what stood there until now
  if (all) render(shell(app), root);
  if (!drawn) performance.mark("drawn");
  drawn = true;
  app.shown = drawPanes(app, all, until);
  if (all) openDialog(app);
  watch();
  if (!app.shown) soon();
}

const wanted = new URLSearchParams(location.hash.slice(1)).get("lang") ?? localStorage.getItem("lang") ?? "";
const [messages, story, scenarios] = await Promise.all([
  load(choose(wanted, navigator.languages), text),
  text("data/story.json").then((data) => JSON.parse(data)),
  answer("/api/scenarios", []),
]);

const app = new App({ messages, story, draw });
app.scenarios = scenarios;
app.onLanguage = async (/** @type {import("./core/i18n.js").Language} */ lang) => {
  app.messages = await load(lang, text);
  localStorage.setItem("lang", lang);
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  app.changed();
};
document.documentElement.lang = messages.lang === "zh" ? "zh-Hans" : "en";

app.fromLink(location.hash);
app.setTheme(app.theme || (localStorage.getItem("theme") ?? ""));
if (!app.argv && app.scenarios.length) app.argv = app.scenarios[0].argv;
if (held) {
  if (!location.hash) app.fromLink(held.link);
  app.argv = held.argv;
  app.commands = held.header.commands ?? [];
  app.show(held.header, held.events, held.ending);
} else if (app.argv) app.start(app.argv, app.commands);

document.addEventListener("keydown", (press) => {
  if (press.defaultPrevented) return;
  const target = /** @type {HTMLElement} */ (press.target);
  const typing = target.matches("input, textarea, select, [contenteditable]");
  if (typing && press.key === "Escape") target.blur();
  // Space and Enter press the button that has the focus.
  if (target.matches("button, summary, a") && (press.key === " " || press.key === "Enter")) return;
  if (app.dialog && press.key !== "Escape") return;
  const command = commands.forKey(press, typing);
  if (!command || app.dialog) return;
  press.preventDefault();
  commands.run(command.id, app);
});

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const order = target.closest("[data-do]")?.getAttribute("data-do");
  if (order) {
    app.perform(order);
    return;
  }
  const toggle = target.closest("[data-toggle]")?.getAttribute("data-toggle");
  if (toggle) {
    if (!app.toggled.delete(toggle)) app.toggled.add(toggle);
    app.revision++;
    app.changed();
    return;
  }
  const select = target.closest("[data-select]")?.getAttribute("data-select");
  if (select) app.select(select);
  const go = target.closest("[data-go]:not([data-select]):not(.phase)")?.getAttribute("data-go");
  if (go) app.go(Number(go));
});

document.addEventListener("dblclick", (event) => {
  const go = /** @type {Element} */ (event.target).closest("[data-go]")?.getAttribute("data-go");
  if (go) app.go(Number(go));
});

document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  const file = event.dataTransfer?.files[0];
  const link = file ? linkOf(await file.text()) : null;
  if (link === null) app.say(app.messages.t("notice-no-link"));
  else openLink(link);
});

addEventListener("hashchange", () => openLink(location.hash));
addEventListener("online", () => app.socket.retry());

/** @param {string} fragment */
function openLink(fragment) {
  if (fragment.replace(/^#/, "") === app.link()) return;
  app.fromLink(fragment);
  app.setTheme(app.theme);
  app.start(app.argv, app.commands);
}

// For tests and the console.
Object.assign(globalThis, { qomscope: app });
