/** Unpacking DEFLATE, and a long log whose old chunks are packed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateRawSync } from "node:zlib";
import { inflate } from "../../../app/static/js/core/inflate.js";
import { Log } from "../../../app/static/js/core/log.js";
import { random, randomLog } from "../fixtures/random.js";

const next = random(11);
const noise = Uint8Array.from({ length: 70_000 }, () => Math.floor(next() * 256));
const text = new TextEncoder().encode(JSON.stringify(randomLog(6, 2000).events));

for (const [name, bytes] of Object.entries({ nothing: new Uint8Array(0), "one byte": new Uint8Array([7]), zeros: new Uint8Array(100_000), noise, text })) {
  test(`inflate: ${name}`, () => {
    for (const level of [0, 1, 6, 9]) assert.deepEqual(inflate(deflateRawSync(bytes, { level }), bytes.length), bytes);
    assert.deepEqual(inflate(deflateRawSync(bytes, { strategy: constants.Z_FIXED }), bytes.length), bytes);
  });
}

test("a log reads the same when its chunks are packed", async () => {
  const { header, events } = randomLog(12, 8000);
  const log = new Log(header);
  for (let from = 0; from < events.length; from += 40) log.append(from, JSON.stringify(events.slice(from, from + 40)), events.slice(from, from + 40));
  await log.packed;
  for (let seq = 0; seq < events.length; seq += 13) assert.deepEqual(log.at(seq), events[seq]);
});
