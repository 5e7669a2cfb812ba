// What is selected in a text that has entities, and what keys select next.

import { entityAt } from "./entities.js";
import { firstIndex } from "./passage.js";
import { wordOnNextLine } from "./text-selection.js";

/** Where the keyboard is in a text. */
export class Caret {
  #surface;
  #passage;
  #entities;
  #selection;

  /**
   * @param surface the HTML element that shows the text.
   * @param selection what is selected, or was last; undefined when nothing ever was.
   */
  constructor(surface, passage, entities, selection) {
    this.#surface = surface;
    this.#passage = passage;
    this.#entities = entities;
    this.#selection = selection;
  }

  /** What a key selects: the next word or letter, or as much more; undefined for other keys. */
  after({ key, shiftKey, altKey, ctrlKey, metaKey }) {
    if (metaKey) return undefined;
    const { words } = this.#passage;
    const isLeftwards = getComputedStyle(this.#surface).direction === "rtl";
    switch (key) {
      case "ArrowLeft":
      case "ArrowRight":
        return this.#step((key === "ArrowRight") !== isLeftwards, shiftKey, altKey || ctrlKey);
      case "ArrowUp":
      case "ArrowDown":
        return this.#line(key === "ArrowDown", shiftKey);
      case "Home":
      case "End":
        return this.#reach(key === "Home" ? words[0] : words.at(-1), shiftKey);
      default:
        return undefined;
    }
  }

  #step(forward, extends_, byLetter) {
    const { letters, words } = this.#passage;
    const units = byLetter ? letters : words;
    const selection = this.#selection;
    if (!selection) return this.#reach(units[0], false);
    if (extends_) {
      const from = byLetter ? selection.byLetters(letters) : selection;
      return from.extended(units, forward);
    }
    return this.#reach(selection.neighbour(units, forward), false) ?? selection;
  }

  #line(down, extends_) {
    const { words } = this.#passage;
    const selection = this.#selection;
    if (!selection) return this.#reach(words[0], false);
    return this.#reach(wordOnNextLine(this.#surface, words, selection, down), extends_) ?? selection;
  }

  /** A selection of a span, or of all from where the selection began to it. */
  #reach(span, extends_) {
    if (!span) return undefined;
    const { anchor } = this.#selection ?? {};
    if (extends_ && anchor) {
      const isBefore = span.start < anchor.start;
      return new Selection(anchor, isBefore ? span.start : Math.max(span.end, anchor.end));
    }
    const { start, end } = entityAt(this.#entities, span.start) ?? span;
    return new Selection({ start, end });
  }
}

/** Selected text: the span it began with, and the offset where it ends by now. */
export class Selection {
  constructor(anchor, focus = anchor.end) {
    this.anchor = anchor;
    this.focus = focus;
  }

  get start() {
    return Math.min(this.anchor.start, this.focus);
  }

  get end() {
    return Math.max(this.anchor.end, this.focus);
  }

  /** The unit before or after all that is selected. */
  neighbour(units, forward) {
    return forward
      ? units[firstIndex(units, (each) => each.start >= this.end)]
      : units[firstIndex(units, (each) => each.end > this.start) - 1];
  }

  /** Reaching one unit further in a direction, or one less far. */
  extended(units, forward) {
    const { start, end } = this.anchor;
    const atLeft = this.focus < start;
    const from = atLeft ? this.focus : Math.max(this.focus, end);
    if (forward) {
      if (atLeft) return this.#to(startAfter(units, from), (focus) => focus < start);
      return new Selection(this.anchor, endAfter(units, from));
    }
    if (from > end) return this.#to(endBefore(units, from), (focus) => focus > end);
    return new Selection(this.anchor, startBefore(units, atLeft ? from : start));
  }

  /** The same text, to be extended letter by letter from where it began. */
  byLetters(letters) {
    const { start, end } = this.anchor;
    if (this.focus < start) {
      return new Selection(letters[firstIndex(letters, (each) => each.end >= end)], this.focus);
    }
    const first = letters[firstIndex(letters, (each) => each.start >= start)];
    return new Selection(first, this.end);
  }

  // Back over where it began, nothing is selected but that.
  #to(focus, isBeyond) {
    return new Selection(this.anchor, isBeyond(focus) ? focus : this.anchor.end);
  }
}

const startAfter = (units, offset) =>
  units[firstIndex(units, (each) => each.start > offset)]?.start ?? offset;
const endAfter = (units, offset) =>
  units[firstIndex(units, (each) => each.end > offset)]?.end ?? offset;
const startBefore = (units, offset) =>
  units[firstIndex(units, (each) => each.start >= offset) - 1]?.start ?? offset;
const endBefore = (units, offset) =>
  units[firstIndex(units, (each) => each.end >= offset) - 1]?.end ?? offset;
