// Which segment each pixel of an image is of: 0 is none, else the segment's number.

/** A mask is never changed, only replaced; both share the rows that are alike: undo is cheap. */
export class Mask {
  #counts;

  constructor(rows) {
    this.rows = rows;
  }

  static blank({ height, width }) {
    return new Mask(new Array(height).fill(new Uint8Array(width)));
  }

  /** How many pixels have each value. */
  get counts() {
    this.#counts ??= this.rows.reduce((counts, row) => {
      for (const value of row) counts[value] += 1;
      return counts;
    }, new Uint32Array(256));
    return this.#counts;
  }

  get isBlank() {
    return this.counts.every((count, value) => value === 0 || count === 0);
  }

  /** This mask with `value` in spans `[y, from, to]`, the last pixel included. */
  painted(spans, value) {
    const rows = [...this.rows];
    const fresh = new Set();
    for (const [y, from, to] of spans) {
      if (rows[y] === undefined || from > to) continue;
      if (!fresh.has(y)) rows[y] = rows[y].slice();
      fresh.add(y);
      rows[y].fill(value, Math.max(from, 0), Math.max(to + 1, 0));
    }
    return new Mask(rows);
  }

  /** This mask without a value. */
  without(value) {
    return new Mask(this.rows.map((row) =>
      row.includes(value) ? row.map((each) => (each === value ? 0 : each)) : row));
  }

  equals(other) {
    return this.rows.every((row, y) =>
      row === other.rows[y] || row.every((value, x) => value === other.rows[y][x]));
  }
}

/** The spans of a round brush that goes from one pixel to another. */
export function* stroke(from, to, size) {
  const radius = size / 2;
  // A brush of an even size has its middle between two pixels.
  const middle = size % 2 === 0 ? 0.5 : 0;
  const steps = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 1);
  for (let step = 0; step <= steps; step += 1) {
    const x = from.x + middle + ((to.x - from.x) * step) / steps;
    const y = from.y + middle + ((to.y - from.y) * step) / steps;
    for (let row = Math.ceil(y - radius); row <= y + radius; row += 1) {
      const reach = Math.sqrt(radius ** 2 - (row - y) ** 2);
      yield [row, Math.ceil(x - reach), Math.floor(x + reach)];
    }
  }
}

/** The spans inside a polygon of pixels, its border included. */
export function* inside(points) {
  const ys = points.map(({ y }) => y);
  const sides = points.map((from, index) => [from, points[(index + 1) % points.length]]);
  for (let y = Math.min(...ys); y <= Math.max(...ys); y += 1) {
    const crossings = sides
      .filter(([one, other]) => one.y <= y !== other.y <= y)
      .map(([one, other]) => one.x + ((y - one.y) * (other.x - one.x)) / (other.y - one.y))
      .sort((one, other) => one - other);
    for (let index = 0; index + 1 < crossings.length; index += 2) {
      yield [y, Math.ceil(crossings[index]), Math.floor(crossings[index + 1])];
    }
  }
  for (const [from, to] of sides) yield* stroke(from, to, 1);
}
