/**
 * The connection to the server: one run at a time, taken up again after a drop at the first event that is missing.
 * @module
 */

/** @typedef {"idle" | "connecting" | "running" | "waiting" | "done"} SocketState */
/**
 * @typedef {object} Listener
 * @property {(message: any) => void} header a run begins (`from` 0) or goes on
 * @property {(from: number, text: string, events: any[]) => void} events
 * @property {(message: any) => void} end
 * @property {(message: {code: string, message: string, hint: string | null}) => void} error the server refused
 * @property {(state: SocketState, delay: number, why: string) => void} state `delay`: milliseconds until the next try, while
 *   "waiting"; `why`: what the server said, "" where the connection was lost
 * @property {() => number} length how many events are there
 */

const FIRST_DELAY = 250;
const LONGEST_DELAY = 8000;
/** Milliseconds after which a connection that does not open is given up for another. */
const OPENING = 15_000;
/** Refusals of the moment: so many times it is tried again. */
const PASSING = new Set(["busy", "no-memory"]);
const TRIES = 4;

export class RunSocket {
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {{argv: string | string[], version: string, commands: string[], from: number, run: string | null} | null} */ #wanted = null;
  #delay = FIRST_DELAY;
  #refused = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  /** @type {SocketState} */ #state = "idle";

  /**
   * @param {string} address ws: or wss:
   * @param {Listener} listener
   * @param {(address: string) => WebSocket} [open] for tests
   */
  constructor(address, listener, open = (to) => new WebSocket(to)) {
    this.address = address;
    this.listener = listener;
    this.open = open;
  }

  get state() {
    return this.#state;
  }

  /**
   * Start a run; whatever went on before is left.
   * @param {string | string[]} argv
   * @param {string} version
   * @param {string[]} [commands] to be done on the machine
   * @param {number} [from] so many of its first events are here already
   */
  run(argv, version, commands = [], from = 0) {
    this.#wanted = { argv, version, commands, from, run: null };
    this.#delay = FIRST_DELAY;
    this.#refused = 0;
    this.#connect();
  }

  /** Leave the run. */
  stop() {
    this.#wanted = null;
    this.#close();
    this.#enter("idle");
  }

  /** Try again now, instead of when the delay is over. */
  retry() {
    if (this.#state === "waiting") this.#connect();
  }

  #connect() {
    this.#close();
    this.#enter("connecting");
    const socket = (this.#socket = this.open(this.address));
    this.#timer = setTimeout(() => this.#again(), OPENING);
    socket.onopen = () => {
      if (socket !== this.#socket) return;
      clearTimeout(this.#timer);
      const wanted = this.#wanted;
      if (!wanted) return;
      const { argv, version, commands, from, run } = wanted;
      const origin = { argv, version, commands };
      socket.send(JSON.stringify(run === null ? { type: "run", ...origin, from } : { type: "resume", run, ...origin, from: this.listener.length() }));
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) this.#receive(data);
    };
    socket.onclose = () => {
      if (socket === this.#socket) this.#dropped();
    };
  }

  /** @param {string} text */
  #receive(text) {
    const message = JSON.parse(text);
    switch (message.type) {
      case "header":
        this.#delay = FIRST_DELAY;
        this.#refused = 0;
        if (this.#wanted) this.#wanted.run = message.run;
        this.#enter("running");
        this.listener.header(message);
        return;
      case "events":
        try {
          this.listener.events(message.from, text, message.events);
        } catch (problem) {
          // A gap: what is missing is asked for again.
          if (!(problem instanceof RangeError)) throw problem;
          this.#again();
        }
        return;
      case "end":
        if (message.total > this.listener.length()) {
          this.#again();
          return;
        }
        this.#wanted = null;
        this.#enter("done");
        this.listener.end(message);
        this.#close();
        return;
      case "error":
        if (PASSING.has(message.code) && this.#refused++ < TRIES) {
          this.#again(message.message);
          return;
        }
        this.#wanted = null;
        this.#enter("idle");
        this.listener.error(message);
        this.#close();
        return;
      default:
    }
  }

  /** @param {string} [why] */
  #again(why) {
    this.#close();
    this.#dropped(why);
  }

  /** @param {string} [why] */
  #dropped(why = "") {
    clearTimeout(this.#timer);
    this.#socket = null;
    if (!this.#wanted) return;
    const delay = this.#delay * (0.5 + Math.random() / 2);
    this.#delay = Math.min(LONGEST_DELAY, this.#delay * 2);
    this.#enter("waiting", delay, why);
    this.#timer = setTimeout(() => this.#connect(), delay);
  }

  #close() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /**
   * @param {SocketState} state
   * @param {number} [delay]
   * @param {string} [why]
   */
  #enter(state, delay = 0, why = "") {
    this.#state = state;
    this.listener.state(state, delay, why);
  }
}
