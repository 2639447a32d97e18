/** The connection: a drop loses nothing. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { RunSocket } from "../../../app/static/js/core/socket.js";

/** A WebSocket whose other end is the test. */
class Wire {
  sent = [];
  close() {}
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  say(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

function listening({ opens = true } = {}) {
  const wires = [];
  const heard = { events: [], headers: 0, ended: null, errors: [], states: [] };
  const socket = new RunSocket(
    "ws://here/ws",
    {
      header: () => heard.headers++,
      events: (from, _, events) => {
        if (from > heard.events.length) throw new RangeError("gap");
        heard.events.push(...events.slice(heard.events.length - from));
      },
      end: (message) => (heard.ended = message),
      error: (message) => heard.errors.push(message),
      state: (state) => heard.states.push(state),
      length: () => heard.events.length,
    },
    () => {
      const wire = new Wire();
      wires.push(wire);
      if (opens) queueMicrotask(() => wire.onopen());
      return wire;
    },
  );
  return { socket, wires, heard };
}

test("a drop is taken up at the first missing event", async () => {
  const { socket, wires, heard } = listening();
  socket.run("-M pc", "7.2");
  await null;
  assert.deepEqual(wires[0].sent, [{ type: "run", argv: "-M pc", version: "7.2", commands: [], from: 0 }]);
  wires[0].say({ type: "header", run: "abc", from: 0 });
  wires[0].say({ type: "events", from: 0, events: [1, 2, 3] });
  wires[0].onclose();
  assert.equal(socket.state, "waiting");
  socket.retry();
  await null;
  assert.deepEqual(wires[1].sent, [{ type: "resume", run: "abc", argv: "-M pc", version: "7.2", commands: [], from: 3 }]);
  wires[1].say({ type: "header", run: "abc", from: 3 });
  wires[1].say({ type: "events", from: 3, events: [4] });
  wires[1].say({ type: "end", run: "abc", total: 4, exit: 0, stderr: "", stdout: "" });
  assert.deepEqual(heard.events, [1, 2, 3, 4]);
  assert.equal(heard.ended.exit, 0);
  assert.equal(socket.state, "done");
});

test("a gap, or an end that is too early, is asked for again", async () => {
  const { socket, wires, heard } = listening();
  socket.run("-M pc", "7.2");
  await null;
  wires[0].say({ type: "header", run: "abc", from: 0 });
  wires[0].say({ type: "events", from: 5, events: [6] });
  assert.equal(socket.state, "waiting");
  socket.retry();
  await null;
  wires[1].say({ type: "header", run: "abc", from: 0 });
  wires[1].say({ type: "events", from: 0, events: [1, 2] });
  wires[1].say({ type: "end", run: "abc", total: 6, exit: 0, stderr: "", stdout: "" });
  assert.equal(heard.ended, null);
  assert.equal(socket.state, "waiting");
  socket.stop();
});

test("a refusal ends it", async () => {
  const { socket, wires, heard } = listening();
  socket.run("x", "7.2");
  await null;
  wires[0].say({ type: "error", code: "bad-command-line", message: "no", hint: null });
  wires[0].onclose?.();
  assert.equal(heard.errors.length, 1);
  assert.equal(socket.state, "idle");
});

test("a refusal of the moment is tried again, a few times", async () => {
  const { socket, wires, heard } = listening();
  socket.run("x", "7.2");
  for (let i = 0; i < 4; i++) {
    await null;
    wires[i].say({ type: "error", code: "busy", message: "too many", hint: null });
    assert.equal(socket.state, "waiting");
    socket.retry();
  }
  await null;
  wires[4].say({ type: "error", code: "busy", message: "too many", hint: null });
  assert.equal(heard.errors.length, 1);
  assert.equal(socket.state, "idle");
});

test("a connection that does not open is given up for another", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { socket, wires } = listening({ opens: false });
  socket.run("x", "7.2");
  context.mock.timers.tick(15_000);
  context.mock.timers.tick(1000);
  assert.equal(wires.length, 2);
  wires[0].onopen();
  assert.deepEqual(wires[0].sent, []);
  socket.stop();
});
