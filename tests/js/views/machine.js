/**
 * A small machine that writes a log by the contract of ARCHITECTURE.md ("Events"), for the tests of the views. It follows QEMU in
 * names, nesting and order, and leaves out what no view looks at. What it does is in card.js.
 */

import { Run } from "../../../app/static/js/core/run.js";
import { FILES, SIZES, ZERO } from "./tables.js";

export class Machine {
  constructor() {
    this.events = [];
    this.call = -1;
    this.functions = [];
    this.byName = new Map();
    this.objects = [undefined];
    this.line = 1;
  }

  fn(name) {
    let index = this.byName.get(name);
    if (index === undefined) {
      index = this.functions.length;
      this.byName.set(name, index);
      this.functions.push({ name, module: "emu.test", file: FILES[name] ?? "hw/test.c", line: 100 + index, py: [1, 99], params: [], modelled: true });
    }
    return index;
  }

  /** Enter a function, run its body, leave it. */
  in(name, args, body = () => null) {
    const outer = this.call;
    const seq = this.events.length;
    this.events.push(["E", outer, this.line++, this.fn(name), args]);
    this.call = seq;
    const result = body();
    this.events.push(["X", seq, this.line++, result ?? null, null]);
    this.call = outer;
    return result;
  }

  new(type, structs, fields = {}) {
    const id = this.objects.length;
    this.objects.push({ type, structs, fields: structuredClone(fields) });
    this.events.push(["N", this.call, this.line++, id, type, structs, structuredClone(fields)]);
    return id;
  }

  set(id, field, value) {
    const { fields } = this.objects[id];
    const old = field in fields ? fields[field] : { a: 1 };
    this.events.push(["S", this.call, this.line++, id, field, structuredClone(old), structuredClone(value)]);
    fields[field] = structuredClone(value);
  }

  insert(id, field, at, value) {
    const held = this.objects[id].fields;
    if (!(field in held)) this.set(id, field, typeof at === "number" ? { l: [] } : { d: {} });
    this.events.push(["I", this.call, this.line++, id, field, at, structuredClone(value)]);
    if (typeof at === "number") held[field].l.splice(at, 0, value);
    else held[field].d[at] = value;
  }

  /** Overwrite bytes of a buffer: a number in little-endian order. */
  poke(id, field, at, value, size) {
    let hex = "";
    for (let i = 0; i < size; i++) hex += Number((BigInt(value) >> BigInt(8 * i)) & 0xffn).toString(16).padStart(2, "0");
    const held = this.objects[id].fields[field];
    const old = held.b.slice(2 * at, 2 * (at + size));
    this.events.push(["P", this.call, this.line++, id, field, at, { b: old }, { b: hex }]);
    held.b = held.b.slice(0, 2 * at) + hex + held.b.slice(2 * (at + size));
  }

  get(id, field) {
    return this.objects[id].fields[field];
  }

  /** A Run of everything so far, or of the first `count` events. */
  run(count = this.events.length) {
    const structs = {};
    for (const name of new Set([...Object.keys(SIZES), ...Object.keys(ZERO)])) structs[name] = { size: SIZES[name] ?? 0, fields: ZERO[name] ?? {} };
    const header = { format: 1, version: "7.2", argv: ["-device", "virtio-net-pci,netdev=n0,id=nic0"], functions: this.functions, structs };
    const run = new Run(header, { format: 1, phases: [], milestones: [] });
    const events = this.events.slice(0, count);
    for (let from = 0; from < events.length; from += 1024) {
      const batch = events.slice(from, from + 1024);
      run.append(from, JSON.stringify(batch), structuredClone(batch));
    }
    return run;
  }
}

/** A reference to a struct, as values of events have it. */
export const r = (id) => ({ r: id });

/** A function. */
export const f = (name) => ({ f: name });
