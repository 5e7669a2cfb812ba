// Drawing shapes that are made of points: boxes, polygons, lines and single points.

import { CLICK, DrawingElement } from "./drawing-element.js";
import { distance } from "./gestures.js";
import { shapesOf } from "./initial-value.js";

/**
 * An element whose shapes are `{label, points}`. A subclass has a `static kind`:
 *
 * - `noun`, `name` (of the list in the answer), `fewest` and `most` points, `isClosed`;
 * - `outline(points)`, to be drawn; `corners(points)`, to be taken hold of;
 * - `moved(points, corner, to)`, the points with one corner elsewhere;
 * - `flaw(points, {isOpen, isGiven})`, why they are no such shape (empty: they are), even if it is
 *   open, that is half drawn, or given by a model, whose work a person is to mend;
 * - `described(points)`; `given(entry)`, the points of an entry of the list, and back
 *   `entry(label, points)`; `settled(points)`, as they are kept;
 * - `tellsOfChange`: whether the answer says if what was given initially was changed.
 */
export class ShapeElement extends DrawingElement {
  #held = undefined;
  // A shape as it would be when what is held is let go: its first point, or all shapes.
  #start = undefined;
  #preview = undefined;
  #given = [];

  keys = { c: () => this.#nextCorner() };

  get tools() {
    return [["Draw", "D"], ["Move", "V"]];
  }

  get kind() {
    return this.constructor.kind;
  }

  get blank() {
    return { shapes: [], draft: [] };
  }

  get noun() {
    return this.kind.noun;
  }

  get closesAtStart() {
    return this.kind.isClosed;
  }

  get isEmpty() {
    return this.state.shapes.length === 0;
  }

  get shapes() {
    return this.#preview ?? this.state.shapes;
  }

  get items() {
    return this.shapes.map(({ label, points }) => ({
      label, colour: this.#colour(label), text: `${label}: ${this.kind.described(points)}`,
    }));
  }

  get answer() {
    const { shapes } = this.state;
    const isChanged = JSON.stringify(shapes) !== JSON.stringify(this.#given);
    return {
      [this.kind.name]: shapes.map(({ label, points }) => this.kind.entry(label, points)),
      inputImageProperties: this.imageSize,
      ...(this.kind.tellsOfChange && this.initialValue && { initialValueModified: isChanged }),
    };
  }

  begun() {
    // As in the service, what has a label that is not to be chosen is not shown.
    this.#given = this.read("initial-value", (text) => shapesOf(text, this.kind.name)
      .filter(({ label }) => this.choices.includes(label))
      .map((entry) => ({ label: entry.label, points: this.#pointsOf(entry) })), []);
    return { ...this.blank, shapes: this.#given };
  }

  /** The points of a given entry, those beyond the image at its edge. */
  #pointsOf(entry) {
    const given = this.kind.given(entry);
    const points = given.map((point) => this.clamped(point));
    // A single point is seen at the edge; a shape would be flat there, and passed over.
    const isSeen = this.kind.most === 1 || this.#meetsImage(given);
    if (isSeen && !this.kind.flaw(points, { isGiven: true })) return points;
    const { height, width } = this.imageSize;
    throw new SyntaxError(`the ${this.noun} ${this.kind.described(given)} covers nothing of the `
      + `image, which has ${width} × ${height} pixels`);
  }

  #meetsImage(points) {
    const { height, width } = this.imageSize;
    return points.some(({ x }) => x >= 0) && points.some(({ x }) => x <= width)
      && points.some(({ y }) => y >= 0) && points.some(({ y }) => y <= height);
  }

  chooseLabel(index) {
    this.label = index;
    if (this.selected !== undefined) this.relabel(this.selected, this.choices[index]);
    else this.said = `Next ${this.noun}: ${this.choices[index]}.`;
  }

  relabel(item, label) {
    const { shapes } = this.state;
    this.commit({ ...this.state, shapes: shapes.with(item, { ...shapes[item], label }) },
      `Now ${label}.`);
  }

  remove(item) {
    const { text } = this.items[item];
    this.selected = undefined;
    this.commit({ ...this.state, shapes: this.state.shapes.toSpliced(item, 1) },
      `Deleted: ${text}.`);
  }

  press(spot) {
    this.hasKeyboard = false;
    const target = this.state.draft.length === 0 && this.workspace.targetAt(spot);
    if (target) {
      this.select(target.shape);
      this.corner = target.corner;
      this.#held = { spot, target };
    } else if (this.tool === "Draw") {
      this.selected = undefined;
      this.#held = { spot };
    }
    return this.#held !== undefined;
  }

  drag(spot) {
    if (!this.#held) return;
    const { spot: from, target } = this.#held;
    this.reach = this.pixelAt(spot);
    if (distance(from, spot) >= CLICK || this.#preview) {
      if (target) this.#preview = this.#changed(target, this.#between(from, spot));
      else if (this.kind.most === 2 && this.isIdle) this.#start = this.pixelAt(from);
    }
    this.requestUpdate();
  }

  release(spot) {
    // An undo in the middle of it lets go.
    if (!this.#held) return;
    const { target } = this.#held;
    const [start, shapes] = [this.#start, this.#preview];
    this.abandon();
    if (shapes) this.commit({ ...this.state, shapes }, this.#told(shapes[target.shape]));
    else if (start) this.#finish([start, this.pixelAt(spot)]);
    else if (!target) this.clicked(spot);
  }

  abandon() {
    this.#held = this.#start = this.#preview = undefined;
    this.requestUpdate();
  }

  place() {
    this.selected = undefined;
    this.placeAt(this.cursor);
  }

  finish() {
    const { draft } = this.state;
    if (draft.length === 0) {
      this.said = "Nothing is half drawn. Space puts a point.";
    } else if (draft.length < this.kind.fewest && this.hasKeyboard) {
      this.placeAt(this.cursor);
    } else {
      this.#finish(draft);
    }
  }

  nudge(dx, dy) {
    if (this.selected === undefined) {
      this.moveCursor(dx, dy);
      return;
    }
    const target = { shape: this.selected, corner: this.corner };
    const shapes = this.#changed(target, { x: dx, y: dy });
    const { points } = shapes[this.selected];
    this.workspace.view.reveal(this.kind.corners(points)[this.corner ?? 0]);
    this.commit({ ...this.state, shapes }, this.#told(shapes[this.selected]),
      `nudge ${target.shape} ${target.corner}`);
  }

  paint(workspace) {
    // The selected one last, over all others.
    const order = [...this.shapes.keys()].filter((each) => each !== this.selected);
    if (this.selected !== undefined) order.push(this.selected);
    for (const shape of order) this.#paintShape(workspace, shape);
    this.#paintDraft(workspace);
    if (this.hasKeyboard && this.selected === undefined) workspace.crosshair(this.cursor);
  }

  #paintShape(workspace, shape) {
    const { label, points } = this.shapes[shape];
    const strong = shape === this.selected;
    const look = { colour: this.#colour(label), closed: this.kind.isClosed, strong };
    const outline = this.kind.outline(points);
    // While one draws, only a border takes hold: the inside is free for further shapes.
    if (look.closed) workspace.area(outline, look, this.tool === "Move" ? { shape } : undefined);
    if (outline.length > 1) workspace.line(outline, look, { shape });
    for (const [corner, point] of strong ? this.kind.corners(points).entries() : []) {
      workspace.handle(point, { ...look, strong: corner === this.corner }, { shape, corner });
    }
    if (outline.length === 1) workspace.handle(outline[0], look, { shape });
    workspace.tag(outline[0], label, look.colour);
  }

  #paintDraft(workspace) {
    const draft = this.#start ? [this.#start] : this.state.draft;
    if (draft.length === 0) return;
    const colour = this.colours[this.label];
    const points = this.reach ? [...draft, this.reach] : draft;
    const closed = this.kind.isClosed && this.kind.most === 2;
    const look = { colour, closed, dashed: true };
    if (points.length > 1) workspace.line(this.kind.outline(points), look);
    for (const [index, point] of draft.entries()) {
      workspace.handle(point, { colour, strong: index === 0 });
    }
  }

  #colour(label) {
    return this.colours[this.choices.indexOf(label)];
  }

  #between(from, to) {
    const [one, other] = [from, to].map((spot) => this.workspace.view.toImage(spot));
    return { x: Math.round(other.x - one.x), y: Math.round(other.y - one.y) };
  }

  /** The shapes with one, or one corner of it, elsewhere; as before if that would be a flaw. */
  #changed({ shape, corner }, by) {
    const { shapes } = this.state;
    const { points } = shapes[shape];
    const moved = corner === undefined
      ? this.#shifted(points, by)
      : this.kind.moved(points, corner, this.#plus(this.kind.corners(points)[corner], by));
    if (this.kind.flaw(moved) && !this.kind.flaw(points)) return this.#preview ?? shapes;
    return shapes.with(shape, { ...shapes[shape], points: moved });
  }

  #plus(point, by) {
    return this.clamped({ x: point.x + by.x, y: point.y + by.y });
  }

  // A shape keeps its form at the image's edge: it goes no farther than all of it can.
  #shifted(points, by) {
    const least = (axis) => Math.min(...points.map((point) => point[axis]));
    const most = (axis) => Math.max(...points.map((point) => point[axis]));
    const { height, width } = this.imageSize;
    const x = Math.max(-least("x"), Math.min(by.x, width - this.inset - most("x")));
    const y = Math.max(-least("y"), Math.min(by.y, height - this.inset - most("y")));
    return points.map((point) => ({ x: point.x + x, y: point.y + y }));
  }

  placeAt(point) {
    const points = [...this.state.draft, point];
    if (points.length === this.kind.most) {
      this.#finish(points);
      return;
    }
    const flaw = this.kind.flaw(points, { isOpen: true });
    const said = `Point ${points.length}: ${point.x}, ${point.y}.`;
    if (flaw) this.said = flaw;
    else this.commit({ ...this.state, draft: points }, said);
  }

  #finish(points) {
    const shape = { label: this.choices[this.label], points: this.kind.settled(points) };
    const flaw = this.kind.flaw(points) || (this.#isThere(shape) && "This is there already.");
    if (flaw) {
      this.said = flaw;
      return;
    }
    this.dropDraft();
    const { present } = this.history;
    this.commit({ ...present, shapes: [...present.shapes, shape] }, `Added: ${this.#told(shape)}`);
  }

  #isThere(shape) {
    return this.state.shapes.some((each) => JSON.stringify(each) === JSON.stringify(shape));
  }

  #nextCorner() {
    if (this.selected === undefined) {
      this.said = `Select a ${this.noun} first: N or P.`;
      return;
    }
    const corners = this.kind.corners(this.shapes[this.selected].points);
    if (corners.length === 1) return;
    this.corner = ((this.corner ?? -1) + 1) % corners.length;
    const { x, y } = corners[this.corner];
    this.said = `Corner ${this.corner + 1} of ${corners.length}: ${x}, ${y}. Arrows move it.`;
  }

  #told({ label, points }) {
    return `${label}: ${this.kind.described(points)}.`;
  }
}
