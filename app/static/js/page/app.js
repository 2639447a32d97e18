/**
 * The state of the page and what can be done to it. Whatever changes it calls `changed()`; the page is then drawn anew, once a frame.
 * @module
 */

import { beforeStart } from "../core/orders.js";
import { placeOf } from "../core/keys.js";
import { lasting } from "../core/picks.js";
import { search } from "../core/query.js";
import { Run } from "../core/run.js";
import { fromLink, fromToken } from "../core/selection.js";
import { RunSocket } from "../core/socket.js";
import { read, write } from "../core/url.js";
import { address, take, viewOf } from "./address.js";
import { Player } from "./player.js";
import { held } from "./resources.js";
import { queryOf, writesOf } from "./selected.js";
import { Sources } from "./sources.js";

/** @typedef {import("../core/levels.js").Level} Level */
/** @typedef {import("../core/selection.js").Selection} Selection */
/** @typedef {{code: string, message: string, hint: string | null}} Problem */
/** @typedef {{name: string, argv: string, en: string, zh: string}} Scenario */

/** Milliseconds between two drawings of a run that streams in. */
const ARRIVALS = 100;

export class App {
  /** @type {() => void} */ #draw;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #linkTimer;
  #player = new Player(this);
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #noticeTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #arrivals;
  /** The key to go to once its event has arrived. */
  #wanted = "end";
  #wantedSelection = "";
  /** The command line of the run that is shown. */
  #ran = "";
  /** The command to stand at once it has arrived, -1 for none. */
  #stand = -1;

  /**
   * @param {object} parts
   * @param {import("../core/i18n.js").Messages} parts.messages
   * @param {import("../core/story.js").StoryData} parts.story
   * @param {() => void} parts.draw
   */
  constructor({ messages, story, draw }) {
    this.messages = messages;
    this.storyData = story;
    /**
     * Switch the language (main.js loads it).
     * @type {(lang: import("../core/i18n.js").Language) => Promise<void>}
     */
    this.onLanguage = async () => {};
    this.#draw = draw;
    /** @type {Run | null} */
    this.run = null;
    /** The command line in the editor. */
    this.argv = "";
    this.version = "7.2";
    /** What is done on the machine that the command line makes. @type {string[]} */
    this.commands = [];
    /** Commands that were typed, for the arrow keys. @type {string[]} */
    this.typed = [];
    /** Whether what the monitor printed is shown. */
    this.monitorOpen = false;
    /** @type {Scenario[]} */
    this.scenarios = [];
    this.at = 0;
    /** While a run streams in, the page shows its newest event until the reader steps. */
    this.following = true;
    this.level = /** @type {Level} */ ("milestone");
    /** @type {Selection | null} */
    this.selection = null;
    this.layout = "overview";
    this.query = "";
    /** @type {Int32Array} */
    this.hits = new Int32Array(0);
    /** @type {string[]} queries at which "continue" stops */
    this.breakpoints = [];
    this.theme = "";
    this.speed = 4;
    this.playing = false;
    this.scrubbing = false;
    /** @type {Set<string>} */
    this.toggled = new Set();
    /** Panes that show their table in place of the drawing. @type {Set<string>} */
    this.asTable = new Set();
    /** A pane that fills the body, "" for none. */
    this.maximized = "";
    /** @type {"" | "palette" | "keys" | "breakpoints" | "scenarios" | "pages"} */
    this.dialog = "";
    /** The view that pages are made of. */
    this.pagesOf = "timeline";
    /** @type {Problem | null} */
    this.problem = null;
    /** A short notice, e.g. that a link's step was not found. */
    this.notice = "";
    /** @type {{state: import("../core/socket.js").SocketState, delay: number, why: string}} */
    this.connection = { state: "idle", delay: 0, why: "" };
    this.sources = new Sources(() => {
      this.revision++;
      this.#draw();
    });
    /** Whether everything on the page shows the present step. */
    this.shown = false;
    /** Counts whatever drawings depend on and cannot be compared. */
    this.revision = 0;
    this.socket = new RunSocket(address(), {
      header: (header) => this.#begin(header),
      events: (from, text, events) => this.#arrived(from, text, events),
      end: (message) => this.#ended(message),
      error: (problem) => {
        this.problem = problem;
        if (this.run) this.commands = this.run.commands.map(({ text }) => text);
        this.changed();
      },
      state: (state, delay, why) => {
        this.connection = { state, delay, why };
        this.changed();
      },
      length: () => this.run?.length ?? 0,
    });
  }

  /** Ask for the page to be drawn, and for the address to follow. */
  changed() {
    this.#draw();
    clearTimeout(this.#linkTimer);
    this.#linkTimer = setTimeout(() => this.#link(), 400);
  }

  /** Ask for the page to be drawn; the address stays. */
  redraw() {
    this.#draw();
  }

  // The run

  /** What the page is doing, in a word: "ended" once a run is here whole. */
  get stage() {
    return this.run?.ending ? "ended" : this.connection.state;
  }

  /**
   * Run a command line.
   * @param {string} argv
   * @param {string[]} [commands] to be done on its machine
   */
  start(argv, commands = []) {
    if (held) {
      this.say(this.messages.t("notice-file"));
      return;
    }
    this.argv = argv;
    this.problem = null;
    this.notice = "";
    this.pause();
    this.commands = commands;
    this.#ran = argv;
    this.#stand = -1;
    this.socket.run(argv, this.version, commands);
  }

  /** Whether the machine stands and takes commands. */
  get ready() {
    return this.run?.ending?.ready === true;
  }

  /**
   * Do one more command on the machine: the run is done again with it; what is here of it stays, and the page stands
   * at the command.
   * @param {string} command
   */
  perform(command) {
    const line = command.trim();
    if (!line || !this.run) return;
    const earlier = held ? null : beforeStart(this.commands, line);
    if (earlier) {
      this.monitorOpen = true;
      this.start(this.#ran, earlier);
      return;
    }
    if (held || !this.ready) {
      this.say(this.messages.t(held ? "notice-file" : "monitor-gone"));
      return;
    }
    this.typed = [...this.typed.filter((each) => each !== line), line];
    this.problem = null;
    this.pause();
    this.argv = this.#ran;
    this.commands = [...this.commands, line];
    this.monitorOpen = true;
    this.following = false;
    this.#stand = this.run.commands.length;
    this.socket.run(this.argv, this.version, this.commands, this.run.length);
  }

  /** Take the last command back. */
  undo() {
    if (this.commands.length) this.start(this.#ran, this.commands.slice(0, -1));
  }

  /** @param {any} header */
  #begin(header) {
    if (header.from > 0 && this.run) {
      this.run.goOn(header);
      return;
    }
    this.run = new Run(header, this.storyData);
    this.at = 0;
    this.following = true;
    this.selection = null;
    this.hits = new Int32Array(0);
    this.toggled = lasting(this.toggled);
    this.revision++;
    this.changed();
  }

  /**
   * @param {number} from
   * @param {string} text
   * @param {any[]} events
   */
  #arrived(from, text, events) {
    if (!this.run) return;
    this.run.append(from, text, events);
    if (this.following) this.at = this.run.length;
    else if (this.#stand !== -1 && this.run.commands.length > this.#stand) {
      this.at = this.run.commands[this.#stand].seq + 1;
      this.#stand = -1;
    }
    // Some pictures a second: more would only keep the rest of the run waiting.
    this.#arrivals ??= setTimeout(() => {
      this.#arrivals = undefined;
      this.#draw();
    }, ARRIVALS);
  }

  /** @param {import("../core/run.js").Ending} ending */
  #ended(ending) {
    if (!this.run) return;
    if (ending.total < this.run.length) {
      // Not the run that was begun: the server has another version of it.
      this.run = null;
      this.start(this.#ran, this.commands);
      return;
    }
    this.run.ending = ending;
    this.revision++;
    if (this.query) this.hits = search(this.run, this.query);
    if (this.#wanted !== "end") {
      const { at, exact } = placeOf(this.run, this.#wanted);
      this.at = at === -1 ? this.run.length : at;
      if (!exact) this.notice = this.messages.t("notice-link-moved");
    } else if (this.following) this.at = this.run.length;
    this.selection = this.#wantedSelection ? fromLink(this.run, this.#wantedSelection) : this.selection;
    this.#wanted = "end";
    this.#wantedSelection = "";
    this.following = false;
    this.sources.ahead(this.run.modules());
    this.changed();
  }

  /**
   * Show a run that is at hand (a file, a test).
   * @param {import("../core/log.js").Header} header
   * @param {any[]} events
   * @param {import("../core/run.js").Ending} ending
   */
  show(header, events, ending) {
    this.#begin({ ...header, from: 0 });
    for (let from = 0; from < events.length; from += 1024) {
      const chunk = events.slice(from, from + 1024);
      this.#arrived(from, JSON.stringify(chunk), chunk);
    }
    this.#ended(ending);
  }

  // The place

  /**
   * @param {number} n
   * @param {boolean} [byReader]
   */
  go(n, byReader = true) {
    if (!this.run) return;
    if (byReader) {
      this.following = false;
      this.notice = "";
    }
    this.at = Math.max(0, Math.min(this.run.length, n));
    this.changed();
  }

  /**
   * One step at the present level (or another).
   * @param {1 | -1} direction
   * @param {Level} [level]
   */
  step(direction, level = this.level) {
    if (!this.run) return;
    const { levels } = this.run;
    this.go(direction === 1 ? levels.next(level, this.at) : levels.previous(level, this.at));
  }

  /** @param {Level} level */
  setLevel(level) {
    this.level = level;
    this.changed();
  }

  play() {
    this.#player.play();
  }

  pause() {
    this.#player.pause();
  }

  // Selection, search, breakpoints

  /** @param {string | null} token */
  select(token) {
    this.selection = token === null ? null : fromToken(token);
    this.changed();
  }

  /** @param {string} text */
  setQuery(text) {
    this.query = text;
    this.hits = this.run ? search(this.run, text) : new Int32Array(0);
    this.changed();
  }

  /** The events that changed the selection. */
  selectionWrites() {
    return this.run && this.selection ? writesOf(this.run, this.selection) : [];
  }

  /** A query that stops at whatever the selection is, "" where nothing is selected. */
  selectionQuery() {
    return this.run && this.selection ? queryOf(this.run, this.selection) : "";
  }

  /** @param {string} query */
  toggleBreakpoint(query) {
    if (!query) return;
    const place = this.breakpoints.indexOf(query);
    this.breakpoints = place === -1 ? [...this.breakpoints, query] : this.breakpoints.filter((_, i) => i !== place);
    this.changed();
  }

  /** Say something in passing. @param {string} notice */
  say(notice) {
    this.notice = notice;
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => {
      this.notice = "";
      this.#draw();
    }, 4000);
    this.changed();
  }

  /** @param {string} theme "" for the system's */
  setTheme(theme) {
    this.theme = theme;
    document.documentElement.dataset.theme = theme;
    this.changed();
  }

  /** Take the view from an address. @param {string} fragment */
  fromLink(fragment) {
    const view = read(fragment);
    take(this, view);
    this.#wanted = view.at;
    this.#wantedSelection = view.selection;
    return view;
  }

  /** The part of the address after "#" that leads here again. */
  link() {
    return write(viewOf(this, this.#wanted));
  }

  #link() {
    if (this.run?.ending) history.replaceState(null, "", `#${this.link()}`);
  }
}
