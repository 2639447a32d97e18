/**
 * Runs and frames for tests.
 * @module
 */

import { readFileSync } from "node:fs";
import { FILES, Messages } from "../../app/static/js/core/i18n.js";
import { Run } from "../../app/static/js/core/run.js";

const STATIC = new URL("../../app/static/", import.meta.url);

export const story = () => JSON.parse(readFileSync(new URL("data/story.json", STATIC), "utf8"));

export const messages = (lang = "en") => new Messages(lang, FILES.map((file) => readFileSync(new URL(`locales/${lang}/${file}.ftl`, STATIC), "utf8")));

/** A run of a whole log, fed in chunks. */
export function runOf({ header, events }, chunk = 1024) {
  const run = new Run(header, story());
  for (let from = 0; from < events.length; from += chunk) {
    const part = events.slice(from, from + chunk);
    run.append(from, JSON.stringify({ type: "events", from, events: part }), part);
  }
  run.ending = { total: events.length, exit: 0, stderr: "", stdout: "" };
  return run;
}

/** A frame of a run at place `at`. */
export function frameOf(run, at = run.length, more = {}) {
  const level = more.level ?? "event";
  return {
    run,
    state: run.timeline.seek(at),
    at,
    level,
    changes: run.changes(at, level),
    selection: null,
    messages: messages(more.lang ?? "en"),
    box: { width: 600, height: 400, top: 0 },
    toggled: new Set(),
    source: () => "def f():\n    pass\n",
    hits: new Int32Array(0),
    ...more,
  };
}
