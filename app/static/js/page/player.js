/**
 * Plays a run: one step after the other, as fast as the reader likes.
 * @module
 */

/** @typedef {import("./app.js").App} App */

/** Steps a second that playing can go at. */
export const SPEEDS = [1, 2, 4, 8, 20, 60];

export class Player {
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  play() {
    const { app } = this;
    if (!app.run) return;
    if (app.at >= app.run.length && app.run.ending) app.at = 0;
    app.playing = true;
    app.following = false;
    this.#tick();
  }

  pause() {
    this.app.playing = false;
    clearTimeout(this.#timer);
    this.app.changed();
  }

  #tick() {
    const { app } = this;
    clearTimeout(this.#timer);
    if (!app.playing || !app.run) return;
    app.step(1);
    if (app.at >= app.run.length && app.run.ending) app.playing = false;
    else this.#timer = setTimeout(() => this.#tick(), 1000 / app.speed);
  }
}
