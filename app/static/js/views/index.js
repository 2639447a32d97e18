/**
 * All views, by id.
 * @module
 */

import { calls } from "./calls.js";
import { config } from "./config.js";
import { objects } from "./objects.js";
import { overrides } from "./overrides.js";
import { source } from "./source.js";
import { stack } from "./stack.js";
import { timeline } from "./timeline.js";
import { types } from "./types.js";

/** @type {Record<string, import("./view.js").View>} */
export const VIEWS = Object.fromEntries([timeline, calls, stack, source, types, overrides, config, objects].map((view) => [view.id, view]));
