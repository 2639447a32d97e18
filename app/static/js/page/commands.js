/**
 * All commands of the page.
 * @module
 */

import { Commands, printedKey } from "../core/commands.js";
import { LEVELS } from "../core/levels.js";
import { backward, compile, forward } from "../core/query.js";
import { LAYOUTS } from "./layouts.js";
import { saveAs } from "./export.js";
import { offlineFile } from "./offline.js";
import { SPEEDS } from "./player.js";

/** @typedef {import("./app.js").App} App */

/** @type {Commands<App>} */
export const commands = new Commands();

const hasRun = (/** @type {App} */ app) => app.run !== null;

/** @param {(run: import("../core/run.js").Run, at: number) => number} to */
const move = (to) => (/** @type {App} */ app) => {
  if (app.run) app.go(to(app.run, app.at));
};

commands.add(
  { id: "forward", group: "step", keys: ["ArrowRight", "PageDown"], run: (app) => app.step(1), enabled: hasRun },
  { id: "back", group: "step", keys: ["ArrowLeft", "PageUp"], run: (app) => app.step(-1), enabled: hasRun },
  { id: "into", group: "step", keys: ["s"], run: move((run, at) => run.levels.into(at)), enabled: hasRun },
  { id: "over", group: "step", keys: ["n"], run: move((run, at) => run.levels.over(at)), enabled: hasRun },
  { id: "out", group: "step", keys: ["f"], run: move((run, at) => run.levels.out(at)), enabled: hasRun },
  { id: "into-back", group: "step", keys: ["S"], run: move((run, at) => run.levels.intoBack(at)), enabled: hasRun },
  { id: "over-back", group: "step", keys: ["N"], run: move((run, at) => run.levels.overBack(at)), enabled: hasRun },
  { id: "out-back", group: "step", keys: ["F"], run: move((run, at) => run.levels.outBack(at)), enabled: hasRun },
  { id: "play", group: "step", keys: ["Space"], run: (app) => (app.playing ? app.pause() : app.play()), enabled: hasRun },
  { id: "faster", group: "step", keys: ["+"], run: (app) => setSpeed(app, 1) },
  { id: "slower", group: "step", keys: ["-"], run: (app) => setSpeed(app, -1) },

  { id: "first", group: "go", keys: ["Home"], run: (app) => app.go(0), enabled: hasRun },
  { id: "last", group: "go", keys: ["End"], run: (app) => app.go(Infinity), enabled: hasRun },
  { id: "go-to", group: "go", keys: ["g"], run: () => focus("#place"), enabled: hasRun },
  { id: "next-phase", group: "go", keys: ["Ctrl+ArrowRight"], run: (app) => app.step(1, "phase"), enabled: hasRun },
  { id: "previous-phase", group: "go", keys: ["Ctrl+ArrowLeft"], run: (app) => app.step(-1, "phase"), enabled: hasRun },
  { id: "next-milestone", group: "go", keys: ["Shift+ArrowRight"], run: (app) => app.step(1, "milestone"), enabled: hasRun },
  { id: "previous-milestone", group: "go", keys: ["Shift+ArrowLeft"], run: (app) => app.step(-1, "milestone"), enabled: hasRun },
  { id: "next-change", group: "go", keys: ["]"], run: (app) => toChange(app, 1), enabled: (app) => app.selection !== null },
  { id: "previous-change", group: "go", keys: ["["], run: (app) => toChange(app, -1), enabled: (app) => app.selection !== null },
  { id: "next-hit", group: "go", keys: ["."], run: (app) => toHit(app, 1), enabled: (app) => app.hits.length > 0 },
  { id: "previous-hit", group: "go", keys: [","], run: (app) => toHit(app, -1), enabled: (app) => app.hits.length > 0 },
  { id: "continue", group: "go", keys: ["c"], run: (app) => toBreakpoint(app, 1), enabled: (app) => app.breakpoints.length > 0 },
  { id: "continue-back", group: "go", keys: ["C"], run: (app) => toBreakpoint(app, -1), enabled: (app) => app.breakpoints.length > 0 },

  { id: "search", group: "find", keys: ["/"], run: () => focus("#search") },
  { id: "break-here", group: "find", keys: ["b"], run: breakHere, enabled: hasRun },
  { id: "breakpoints", group: "find", keys: ["B"], run: (app) => open(app, "breakpoints") },
  { id: "select-call", group: "find", keys: ["Enter"], run: (app) => selectPresent(app), enabled: hasRun },
  { id: "clear", group: "find", keys: ["Escape"], run: clear },

  { id: "run", group: "page", keys: ["Ctrl+Enter"], everywhere: true, run: (app) => app.start(app.argv, app.commands) },
  { id: "edit", group: "page", keys: ["e"], run: () => focus("#argv") },
  { id: "monitor", group: "page", keys: ["m"], run: () => focus("#monitor"), enabled: (app) => app.ready },
  { id: "monitor-log", group: "page", keys: ["M"], run: toggleMonitor, enabled: hasRun },
  { id: "undo-command", group: "page", keys: ["Ctrl+Z"], run: (app) => app.undo(), enabled: (app) => app.commands.length > 0 && app.run?.ending !== null },
  { id: "scenarios", group: "page", keys: ["o"], run: (app) => open(app, "scenarios") },
  { id: "palette", group: "page", keys: ["Ctrl+K"], everywhere: true, run: (app) => open(app, "palette") },
  { id: "keys", group: "page", keys: ["?"], run: (app) => open(app, "keys") },
  { id: "language", group: "page", keys: ["l"], run: (app) => app.onLanguage(app.messages.lang === "en" ? "zh" : "en") },
  { id: "copy-link", group: "page", keys: ["y"], run: copyLink },
  { id: "save-file", group: "page", run: saveFile, enabled: (app) => Boolean(app.run?.ending) },
  { id: "reconnect", group: "page", run: (app) => app.socket.retry(), enabled: (app) => app.connection.state === "waiting" },
);

for (const [i, level] of LEVELS.entries()) {
  commands.add({ id: `level-${level}`, group: "step", keys: [String(i + 1)], run: (app) => app.setLevel(level) });
}
for (const [i, { id }] of LAYOUTS.entries()) {
  commands.add({ id: `layout-${id}`, group: "show", keys: [`Alt+${i + 1}`], run: (app) => setLayout(app, id) });
}
commands.add({ id: "theme", group: "show", keys: ["t"], run: (app) => app.setTheme(NEXT_THEME[app.theme] ?? "") });
for (const theme of ["light", "dark", "projector"]) {
  commands.add({ id: `theme-${theme}`, group: "show", run: (app) => app.setTheme(theme) });
}

/** @type {Record<string, string>} */
const NEXT_THEME = { "": "light", light: "dark", dark: "projector", projector: "" };

/**
 * The text of a tooltip: what the command does, and its keys.
 * @param {App} app
 * @param {string} id
 */
export function tip(app, id) {
  const command = commands.get(id);
  const keys = (command.keys ?? []).map(printedKey).join(", ");
  return `${title(app, id)}${keys ? `  (${keys})` : ""}`;
}

/**
 * @param {App} app
 * @param {string} id
 */
export function title(app, id) {
  return app.messages.t(id.startsWith("layout-") || id.startsWith("level-") || id.startsWith("theme-") ? id : `command-${id}`);
}

/** @param {App} app @param {string} id */
function setLayout(app, id) {
  app.layout = id;
  app.maximized = "";
  app.changed();
}

/** @param {App} app @param {1 | -1} direction */
function setSpeed(app, direction) {
  const place = SPEEDS.indexOf(app.speed) + direction;
  app.speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, place))];
  app.changed();
}

/** @param {App} app @param {1 | -1} direction */
function toChange(app, direction) {
  to(app, app.selectionWrites(), direction);
}

/** @param {App} app @param {1 | -1} direction */
function toHit(app, direction) {
  to(app, [...app.hits], direction);
}

/**
 * @param {App} app
 * @param {readonly number[]} seqs ascending
 * @param {1 | -1} direction
 */
function to(app, seqs, direction) {
  const found = direction === 1 ? seqs.find((seq) => seq + 1 > app.at) : seqs.findLast((seq) => seq + 1 < app.at);
  if (found === undefined) app.say(app.messages.t(direction === 1 ? "notice-no-next" : "notice-no-previous"));
  else app.go(found + 1);
}

/** @param {App} app @param {1 | -1} direction */
function toBreakpoint(app, direction) {
  const { run } = app;
  if (!run) return;
  const tests = app.breakpoints.map((text) => compile(run, text)).filter((test) => test !== null);
  const place = direction === 1 ? forward(run, tests, app.at) : backward(run, tests, app.at);
  if (place === -1) app.say(app.messages.t(direction === 1 ? "notice-no-next" : "notice-no-previous"));
  else app.go(place);
}

/** @param {App} app */
function breakHere(app) {
  const name = app.run && app.at > 0 ? app.run.functionOf(app.at - 1)?.name : "";
  app.toggleBreakpoint(app.selectionQuery() || (name ? `fn:${name}` : ""));
}

/** @param {App} app */
function selectPresent(app) {
  const { run } = app;
  if (!run || app.at === 0) return;
  const event = run.log.at(app.at - 1);
  if (event[0] === "E" || event[0] === "X") app.select(`call:${event[0] === "E" ? app.at - 1 : event[1]}`);
  else if (event[0] === "N" || event[0] === "F") app.select(`object:${event[3]}`);
  else if (event[0] !== "M") app.select(`field:${event[3]}:${event[4]}`);
}

/** @param {App} app */
function clear(app) {
  if (app.maximized) app.maximized = "";
  else if (app.selection) app.selection = null;
  else if (app.query) app.setQuery("");
  app.notice = "";
  app.changed();
}

/** @param {App} app @param {App["dialog"]} dialog */
function open(app, dialog) {
  app.dialog = app.dialog === dialog ? "" : dialog;
  app.changed();
}

/** @param {App} app */
function toggleMonitor(app) {
  app.monitorOpen = !app.monitorOpen;
  app.changed();
}

/** @param {App} app */
async function copyLink(app) {
  await navigator.clipboard.writeText(`${location.origin}${location.pathname}#${app.link()}`);
  app.say(app.messages.t("notice-copied"));
}

/** @param {App} app */
async function saveFile(app) {
  app.say(app.messages.t("notice-making-file"));
  saveAs("qomscope.html", new Blob([await offlineFile(app)], { type: "text/html" }));
}

/** @param {string} selector */
function focus(selector) {
  const field = document.querySelector(selector);
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
    field.focus();
    field.select();
  }
}
