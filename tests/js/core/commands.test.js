/** Commands on the ready machine: phases, what they printed, sentences, and links. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { beforeStart } from "../../../app/static/js/core/orders.js";
import { chosen, choice, fromPicks, lasting, toPicks } from "../../../app/static/js/core/picks.js";
import { plain, sentenceAt } from "../../../app/static/js/core/sentence.js";
import { EMPTY, read, write } from "../../../app/static/js/core/url.js";
import { card } from "../fixtures/card.js";
import { messages, runOf } from "../run.js";

/** A card's creation, and two commands after it. */
function commanded() {
  const log = card();
  const root = log.events.findIndex(([kind]) => kind === "E");
  const call = log.events.length + 1;
  const [, , line, fn] = log.events[root];
  return {
    header: log.header,
    start: log.events.length,
    events: [
      ...log.events,
      ["M", -1, 0, "command", "info network"],
      ["E", call, line, fn, [{ r: 1 }, "info network"]],
      ["X", call, line, null, null],
      ["M", -1, 0, "monitor", "nic0: index=0\n \\ n0: index=0\n"],
      ["M", -1, 0, "command", "host send n0 64"],
      ["M", -1, 0, "monitor", "nic0 took 64 bytes\n"],
    ],
  };
}

test("each command is a phase of its own, and has what it printed", () => {
  const { start, ...log } = commanded();
  const run = runOf(log);
  assert.deepEqual(run.commands, [{ seq: start, text: "info network" }, { seq: start + 4, text: "host send n0 64" }]);
  assert.equal(run.printed(0), "nic0: index=0\n \\ n0: index=0\n");
  assert.equal(run.printed(1), "nic0 took 64 bytes\n");
  const phases = run.story.segments.filter(({ start: at }) => at >= start);
  assert.ok(phases.some(({ phase, text, start: at }) => phase === "command" && text === "info network" && at === start));
  assert.ok(phases.some(({ phase, text, start: at }) => phase === "command" && text === "host send n0 64" && at === start + 4));
  assert.ok(run.levels.stops("milestone", start) && run.levels.stops("phase", start));
});

test("a run that goes on keeps what it had", () => {
  const { start, ...log } = commanded();
  const run = runOf({ ...log, events: log.events.slice(0, start) });
  run.goOn({ ...log.header, commands: ["info network", "host send n0 64"] });
  assert.equal(run.ending, null);
  const more = log.events.slice(start);
  run.append(start, JSON.stringify(more), more);
  assert.equal(run.commands.length, 2);
  assert.equal(run.length, log.events.length);
});

test("commands are told in both languages", () => {
  const { start, ...log } = commanded();
  const run = runOf(log);
  assert.match(plain(sentenceAt(run, start + 1, messages())), /^The machine is given the command info network\. The monitor looks/);
  assert.match(plain(sentenceAt(run, start + 1, messages("zh"))), /^向机器下达命令 info network。 监视器/);
  assert.equal(plain(sentenceAt(run, start + 4, messages())), "The monitor prints: nic0: index=0 …");
});

test("commands and picks are in links, and old links have none", () => {
  const view = { ...EMPTY, argv: "-M pc", commands: ["device_add virtio-net-pci,id=nic1", '{"execute": "stop"}'], picks: ["card=nic1", "config-all"] };
  assert.match(write(view), /&do=device_add\+virtio-net-pci,id=nic1&do=/);
  assert.deepEqual(read(write(view)), view);
  assert.deepEqual(read("#v=1&argv=-M+pc").commands, []);
});

test("of picks a link holds the latest choice and what is opened, nothing that belongs to one run", () => {
  const toggled = new Set(["call:17", "run:4", "config-all", "objects-bus:pci.0"]);
  for (const name of ["nic0", "nic1"]) toggled.add(choice(toggled, "card", name));
  assert.deepEqual(toPicks(toggled), ["card=nic1", "config-all", "objects-bus:pci.0"]);
  assert.equal(chosen(fromPicks(toPicks(toggled)), "card"), "nic1");
  assert.ok(!lasting(toggled).has("call:17") && lasting(toggled).has("config-all"));
});

test("what comes before the start does not swallow it", () => {
  const { start, ...log } = commanded();
  const shifted = log.events.slice(0, start).map((event) => event.map((item, i) => (i === 1 && item >= 0 ? item + 1 : item)));
  const run = runOf({ ...log, events: [["M", -1, 0, "command", "host with tap t0"], ...shifted] });
  const phases = run.story.segments.map(({ phase }) => phase);
  assert.deepEqual(phases.slice(0, 2), ["command", "start"]);
  assert.equal(phases.lastIndexOf("command"), 0);
});

test("what the host has is said first, in the order of the saying", () => {
  const commands = ["host with tap t0", "info network"];
  assert.deepEqual(beforeStart(commands, "host without t1"), ["host with tap t0", "host without t1", "info network"]);
  assert.equal(beforeStart(commands, "host send n0 64"), null);
});
