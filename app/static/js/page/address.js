/**
 * What the page shows as a view of core/url.js, and back.
 * @module
 */

import { keyAt } from "../core/keys.js";
import { LEVELS } from "../core/levels.js";
import { fromPicks, toPicks } from "../core/picks.js";
import { toLink } from "../core/selection.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../core/url.js").View} View */

/**
 * Take from a view what needs no run; where and what is selected waits for the run.
 * @param {App} app
 * @param {View} view
 */
export function take(app, view) {
  app.argv = view.argv || app.argv;
  app.commands = view.commands;
  app.typed = view.commands;
  app.version = view.version || app.version;
  app.layout = view.layout || app.layout;
  app.level = LEVELS.find((level) => level === view.level) ?? app.level;
  app.query = view.query;
  app.breakpoints = view.breakpoints;
  app.toggled = fromPicks(view.picks);
  app.theme = view.theme || app.theme;
}

/**
 * The view that leads here again.
 * @param {App} app
 * @param {string} wanted the key of the place, while there is no run
 * @returns {View}
 */
export function viewOf(app, wanted) {
  const { run } = app;
  return {
    argv: app.argv,
    commands: app.commands,
    version: app.version,
    at: run ? (app.at === run.length && run.ending ? "end" : keyAt(run, app.at)) : wanted,
    selection: run ? toLink(run, app.selection) : "",
    layout: app.layout,
    level: app.level,
    query: app.query,
    breakpoints: app.breakpoints,
    picks: toPicks(app.toggled),
    lang: app.messages.lang,
    theme: app.theme,
  };
}

/** Where the server's WebSocket is. */
export function address() {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws`;
}
