/**
 * The ends of network links and what joins them, for the view "objects": cards at the left, backends at the right, hubs between them.
 * @module
 */

import { nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { Ref } from "../core/values.js";
import { factsOf } from "./facts.js";
import { line, surface } from "./draw.js";
import { box, changed, label, picked, textWidth } from "./kit.js";

/** @typedef {import("./view.js").Frame} Frame */

/**
 * @typedef {object} Client
 * @property {number} id
 * @property {"nic" | "hub" | "backend"} side
 * @property {number} place in net_clients, -1 where it is not in the list
 */
/**
 * A link as it will be: the ends that are peers, from left to right.
 * @typedef {object} Link
 * @property {Client[]} ends
 * @property {number} hub id of the NetHub that one of the ends is a port of, 0 where none is
 */

const HEIGHT = 62;
const GAP = 16;
const NAME = "NetClientState";

/**
 * The links of the run, one a row: laid out as they will be, so that steps only fill them in.
 * @param {Frame} frame
 * @returns {Link[]}
 */
export function linksOf({ run, state }) {
  const facts = factsOf(run);
  const statics = facts.withStruct("NetStatics")[0];
  const list = statics ? state.get(statics)?.fields.get("net_clients") : null;
  const order = Array.isArray(list) ? list.map((item) => (item instanceof Ref ? item.id : 0)) : [];
  const cards = new Set(facts.withStruct("NICState").flatMap((nic) => facts.everReferred(nic, "ncs")));
  /** @type {Map<number, Client>} */
  const clients = new Map();
  for (const id of facts.withStruct(NAME)) {
    const side = cards.has(id) ? "nic" : facts.created(id).structs.includes("NetHubPort") ? "hub" : "backend";
    clients.set(id, { id, side, place: order.indexOf(id) });
  }
  /** @type {Link[]} */
  const links = [];
  const seen = new Set();
  for (const side of ["nic", "hub", "backend"]) {
    for (const client of clients.values()) {
      if (client.side !== side || seen.has(client.id)) continue;
      seen.add(client.id);
      const ends = [client];
      const peer = clients.get(facts.everReferred(client.id, `${NAME}.peer`).at(-1) ?? 0);
      if (peer && !seen.has(peer.id)) {
        seen.add(peer.id);
        ends.push(peer);
      }
      links.push({ ends, hub: Math.max(...ends.map(({ id, side: at }) => (at === "hub" ? (facts.everReferred(id, "NetHubPort.hub").at(-1) ?? 0) : 0))) });
    }
  }
  // The ports of a hub stand together.
  return links.sort((a, b) => a.hub - b.hub);
}

/** @param {readonly Link[]} links */
export function linksHeight(links) {
  return Math.max(1, links.length) * (HEIGHT + GAP);
}

/**
 * The links, with the left upper corner at (0, 0).
 * @param {Frame} frame
 * @param {readonly Link[]} links
 * @param {number} width
 */
export function drawLinks(frame, links, width) {
  const { messages } = frame;
  if (!links.length) return label(0, 22, messages.t("ob-no-clients"), { cls: "ink3" });
  const hubs = links.some(({ hub }) => hub);
  const own = hubs ? Math.min(270, (width - 110) / 3) : Math.min(330, (width - 60) / 2);
  const space = hubs ? Math.min(80, (width - 3 * own) / 2) : Math.min(140, width - 2 * own);
  const right = hubs ? 2 * (own + space) : own + space;
  const places = { nic: 0, hub: own + space, backend: right };
  return svg`${hubBoxes(frame, links, places.hub, own)}${links.map(({ ends }, i) => {
    const y = i * (HEIGHT + GAP);
    const [first, second] = ends;
    const peers = second ? joined(frame, first.id, second.id) : "none";
    return svg`${ends.map((client) => clientBox(frame, client, places[client.side], y, own))}
      ${second && peers !== "none" ? wire(frame, first.id, second.id, places[first.side] + own, places[second.side], y + HEIGHT / 2, peers) : nothing}`;
  })}`;
}

/**
 * A box around the ports of each hub: what enters by one leaves by all others.
 * @param {Frame} frame
 * @param {readonly Link[]} links
 * @param {number} x
 * @param {number} width
 */
function hubBoxes({ state, selection }, links, x, width) {
  return [...new Set(links.map(({ hub }) => hub))].filter(Boolean).map((hub) => {
    const first = links.findIndex((link) => link.hub === hub);
    const last = links.findLastIndex((link) => link.hub === hub);
    const y = first * (HEIGHT + GAP) - 7;
    const height = (last - first + 1) * (HEIGHT + GAP) - GAP + 14;
    const id = state.get(hub)?.fields.get("id");
    const on = selection && "id" in selection && selection.id === hub;
    return svg`${box(x - 7, y, width + 14, height, { cls: state.get(hub) ? "panel bar" : "ghost", radius: 9, select: `object:${hub}` })}
      ${on ? picked(x - 5, y + 2, width + 10, height - 4) : nothing}
      ${label(x + width + 13, y + height - 4, typeof id === "number" ? `hub ${id}` : "", { cls: "m ink2", size: 11.5 })}`;
  });
}

/**
 * Whether two clients are peers now.
 * @param {Frame} frame
 * @param {number} one
 * @param {number} other
 * @returns {"none" | "half" | "both"}
 */
function joined({ state }, one, other) {
  const points = (/** @type {number} */ from, /** @type {number} */ to) => {
    const peer = state.get(from)?.fields.get(`${NAME}.peer`);
    return peer instanceof Ref && peer.id === to;
  };
  const count = Number(points(one, other)) + Number(points(other, one));
  return count === 2 ? "both" : count === 1 ? "half" : "none";
}

/**
 * @param {Frame} frame
 * @param {number} one
 * @param {number} other
 * @param {number} x1
 * @param {number} x2
 * @param {number} y
 * @param {"half" | "both"} how
 */
function wire({ changes, state }, one, other, x1, x2, y, how) {
  const fresh = changes.field(one, `${NAME}.peer`) || changes.field(other, `${NAME}.peer`);
  const down = [one, other].some((id) => state.get(id)?.fields.get(`${NAME}.link_down`) === true);
  const cls = fresh ? "chg" : "link";
  const middle = (x1 + x2) / 2;
  return svg`<path d="M${x1 + 8} ${y}H${x2 - 8}" class="arrow ${cls} ${how === "half" || down ? "dashes" : ""}"></path>
    <path d="M0 0l-8 -4v8z" transform="translate(${x2 - 1} ${y})" class="head ${cls}"></path>
    ${how === "both" ? svg`<path d="M0 0l8 -4v8z" transform="translate(${x1 + 1} ${y})" class="head ${cls}"></path>` : nothing}
    ${label(middle, y - 7, "peer", { cls: "m ink2", size: 11.5, anchor: "middle" })}
    ${down ? svg`<path d="M${middle - 5} ${y - 5}l10 10m0 -10l-10 10" class="cross"></path>` : nothing}`;
}

/**
 * @param {Frame} frame
 * @param {Client} client
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
function clientBox({ state, changes, messages, run, selection, orders }, client, x, y, width) {
  const object = state.get(client.id);
  const text = (/** @type {string} */ field) => {
    const value = object?.fields.get(`${NAME}.${field}`);
    return typeof value === "string" ? value : "";
  };
  const side = messages.t(`ob-side-${client.side}`);
  if (!object) return svg`${box(x, y, width, HEIGHT, { cls: "ghost", radius: 6 })}${label(x + 12, y + 24, `${side}: ${run.names.get(client.id)?.type ?? ""}`, { cls: "ink3", size: 12.5 })}`;
  const queue = object.fields.get(`${NAME}.queue_index`);
  const on = selection && "id" in selection && selection.id === client.id;
  const struct = object.structs.at(-1) ?? "";
  const listed = client.place >= 0;
  const peer = object.fields.get(`${NAME}.peer`);
  const send = orders && listed && peer instanceof Ref && text("name") ? sendButton(messages, client.side, `host send ${text("name")} 64${queue ? ` ${Number(queue)}` : ""}`, x + width - 38, y + 7) : null;
  return svg`<g>${box(x, y, width, HEIGHT, { cls: object.freed ? "ghost" : listed ? "paper" : "ghost", radius: 6 })}
    ${changes.object(client.id) ? changed(x + 1, y + 1, width - 2, HEIGHT - 2) : nothing}
    ${surface(x, y, width, HEIGHT, { select: `object:${client.id}`, title: struct })}
    ${on ? picked(x + 1.5, y + 1.5, width - 3, HEIGHT - 3) : nothing}
    ${line(x + 12, y + 20, [
      { text: text("name") || "–", cls: "b obj", size: 13, select: `object:${client.id}` },
      { text: `  ${side}`, cls: "ink3" },
      queue ? { text: ` · ${messages.t("ob-queue", { queue: Number(queue) })}`, cls: "ink3" } : null,
      object.fields.get(`${NAME}.link_down`) === true ? { text: ` · ${messages.t("ob-link-down")}`, cls: "err" } : null,
    ])}
    ${label(x + 12, y + 37, `${text("model") || "–"} · ${struct}`, { cls: "m ink2", size: 11.5, width: width - 50 })}
    ${label(x + 12, y + 53, text("info_str"), { cls: "m ink3", size: 11.5, width: width - 20 })}
    ${send ?? nothing}
    ${listed ? label(x + width - 10, y + 20, `#${client.place}`, { cls: "m ink3", size: 11.5, anchor: "end" }) : label(x + width - 10, y + 20, messages.t("ob-unlisted"), { cls: "ink3", size: 11, anchor: "end" })}</g>`;
}


/**
 * What lets a client send a frame to its peer: a command of the host.
 * @param {import("../core/i18n.js").Messages} messages
 * @param {Client["side"]} side
 * @param {string} command
 * @param {number} right
 * @param {number} y
 */
function sendButton(messages, side, command, right, y) {
  const text = messages.t("ob-send");
  const width = textWidth(text, 11, false) + 32;
  const x = right - width;
  const arrow = side === "nic" ? `M${right - 17} ${y + 9}h8m-3.500 -3.500l3.500 3.500l-3.500 3.500` : `M${x + 17} ${y + 9}h-8m3.500 -3.500l-3.500 3.500l3.500 3.500`;
  return svg`<g class="tab order"><rect x=${x} y=${y} width=${width} height="18" rx="9" class="pick" data-do=${command}><title>${messages.t("ob-send-hint", { command })}</title></rect>
      <path d=${arrow} class="order-arrow"></path>
      <text x=${side === "nic" ? x + 10 : x + 22} y=${y + 13} class="t" font-size="11">${text}</text></g>`;
}
