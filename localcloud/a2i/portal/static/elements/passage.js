// A text as a reader moves in it: by words, and by what is seen as one letter.

const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });
const LETTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * A text and the places in it. All offsets count UTF-16 code units, as JavaScript does; a span
 * is { start, end }, the end being the first code unit after it.
 */
export class Passage {
  #words;
  #letters;

  constructor(text) {
    this.text = text;
  }

  /** Words, and symbols such as emoji; neither white space nor punctuation. */
  get words() {
    this.#words ??= spans(WORDS, this.text, /^[\p{P}\s]+$/u);
    return this.#words;
  }

  /** Letters with their marks, emoji, punctuation; no white space. */
  get letters() {
    this.#letters ??= spans(LETTERS, this.text, /^\s+$/u);
    return this.#letters;
  }

  textOf({ start, end }) {
    return this.text.slice(start, end);
  }

  /** A span of whole letters, without white space around it; undefined when nothing is left. */
  whole({ start, end }) {
    const inside = (each) => each.end > start && each.start < end;
    const first = this.letters[firstIndex(this.letters, (each) => each.end > start)];
    if (first === undefined || !inside(first)) return undefined;
    const last = this.letters[firstIndex(this.letters, (each) => each.start >= end) - 1];
    return { start: first.start, end: last.end };
  }

  /** The word at an offset, else the one before it. */
  wordAt(offset) {
    return this.words[Math.max(firstIndex(this.words, (each) => each.start > offset) - 1, 0)];
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

function spans(segmenter, text, left) {
  return [...segmenter.segment(text)]
    .filter(({ segment }) => !left.test(segment))
    .map(({ segment, index }) => ({ start: index, end: index + segment.length }));
}

/** The index of the first of `units`, which are in order, that `is` what is looked for. */
function firstIndex(units, is) {
  let low = 0;
  let high = units.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(units[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
