/** The fold: apply and revert, equal to emu/trace/fold.py. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { State, apply, revert } from "../../../app/static/js/core/fold.js";
import { ABSENT, Fn, Ref, decode, encode, same, show } from "../../../app/static/js/core/values.js";
import { card } from "../fixtures/card.js";
import { randomLog } from "../fixtures/random.js";
import { plain } from "../plain.js";

test("values survive decoding and encoding", () => {
  for (const wire of [null, true, 7, -1.5, "text", { r: 3 }, { f: "pci_qdev_realize" }, { b: "00ff10" }, { a: 1 }, { i: "18446744073709551615" }, { i: "inf" }, { l: [1, { r: 2 }] }, { d: { a: { l: [] } } }]) {
    assert.deepEqual(encode(decode(wire)), wire);
    assert.ok(same(decode(wire), decode(wire)));
  }
  assert.equal(decode({ a: 1 }), ABSENT);
  assert.ok(decode({ r: 1 }) instanceof Ref && decode({ f: "x" }) instanceof Fn);
  assert.ok(!same(decode({ l: [1] }), decode({ b: "01" })));
  assert.equal(show(decode({ b: "0940" })), "09 40");
  assert.equal(show(decode({ b: "ff".repeat(20) })), "ff × 20");
  assert.equal(show(decode({ b: "000102030405060708" })), "00 01 02 03 … 9 B");
});

for (const [name, { events }] of [["the card", card()], ["a failing card", card({ bad: true })], ["a random log", randomLog(1, 3000)], ["another", randomLog(2, 3000)]]) {
  test(`revert undoes apply at every event: ${name}`, () => {
    const state = new State();
    const before = [];
    events.forEach((event, seq) => {
      if (events.length < 500 || seq % 97 === 0) before.push([seq, plain(state)]);
      apply(state, seq, event);
    });
    for (let seq = events.length - 1; seq >= 0; seq--) {
      revert(state, seq, events[seq]);
      if (before.at(-1)?.[0] === seq) assert.deepEqual(plain(state), before.pop()[1]);
    }
    assert.deepEqual(plain(state), { objects: {}, calls: [], messages: [] });
  });
}
