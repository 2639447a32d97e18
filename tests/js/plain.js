/**
 * States as plain data, for comparing.
 * @module
 */

import { encode } from "../../app/static/js/core/values.js";

/** A state as plain, comparable data. */
export function plain(state) {
  const objects = {};
  for (const object of state.all()) {
    const fields = Object.fromEntries([...object.fields].sort().map(([name, value]) => [name, encode(value)]));
    objects[object.id] = { type: object.type, structs: object.structs, freed: object.freed, fields };
  }
  return { objects, calls: [...state.calls], messages: state.messages.map((each) => [...each]) };
}
