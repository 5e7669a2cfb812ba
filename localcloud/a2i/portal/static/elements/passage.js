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

function spans(segmenter, text, left) {
  return [...segmenter.segment(text)]
    .filter(({ segment }) => !left.test(segment))
    .map(({ segment, index }) => ({ start: index, end: index + segment.length }));
}

/** The index of the first of `units`, which are in order, that `is` what is looked for. */
export function firstIndex(units, is) {
  let low = 0;
  let high = units.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(units[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
