// Drawing masks: with a brush, an eraser, and polygons that are filled.

import { html } from "../../../vendor/lit.js";
import { DrawingElement } from "./drawing-element.js";
import { inside, Mask, stroke } from "./mask.js";
import { MaskImage, pngOf } from "./mask-image.js";

const OPACITY = 0.55;
const WIDEST = 200;

/**
 * An element whose state has a `mask`, and the `segments` `{value, label, colour}` in it.
 *
 * A subclass says which segment is painted: `target`, and what the answer tells of the segments.
 */
export class MaskElement extends DrawingElement {
  static properties = { size: { state: true } };

  #image = undefined;
  // What is painted while the mouse is down: how all would be, and where the brush was.
  #stroke = undefined;
  // What the keyboard paints from brush down to brush up, which is one step.
  #pen = undefined;

  keys = {
    "[": () => this.#resize(this.size - Math.ceil(this.size / 10)),
    "]": () => this.#resize(this.size + Math.ceil(this.size / 10)),
  };

  get tools() {
    return [["Brush", "B"], ["Eraser", "E"], ["Fill", "G"], ["Move", "V"]];
  }

  get blank() {
    return { mask: Mask.blank({ height: 1, width: 1 }), segments: [], draft: [] };
  }

  get noun() {
    return "segment";
  }

  get inset() {
    return 1;
  }

  get isEmpty() {
    return this.state.mask.isBlank;
  }

  get closesAtStart() {
    return true;
  }

  get items() {
    const { mask, segments } = this.state;
    return segments.filter(({ value }) => mask.counts[value] > 0).map((segment) => ({
      ...segment, text: this.#told(segment, mask),
    }));
  }

  get help() {
    return "Brush and Eraser paint while the mouse is down, [ and ] change their size. Fill takes "
      + "the corners of an area; Enter, a double click or a click on the first corner fills it. "
      + "By keyboard: focus the image, go with the arrows; Space puts the brush down, Space again "
      + "lifts it; with Fill, Space puts a corner. B, E, G and V take the tools.";
  }

  get labeledImage() {
    return { pngImageData: pngOf(this.state.mask, this.#colours(this.state.segments)) };
  }

  begun() {
    this.size = Math.max(1, Math.round(Math.max(...Object.values(this.imageSize)) / 40));
    return { ...this.blank, mask: Mask.blank(this.imageSize) };
  }

  furnished(Workspace) {
    const workspace = super.furnished(Workspace);
    this.#image = new MaskImage(this.imageSize);
    workspace.overlay(this.#image.canvas, OPACITY);
    return workspace;
  }

  takeTool(name) {
    this.#pen = undefined;
    super.takeTool(name);
  }

  cancel() {
    this.#pen = undefined;
    super.cancel();
  }

  remove(item) {
    const { value, text } = this.items[item];
    this.selected = undefined;
    this.commit({
      ...this.state,
      mask: this.state.mask.without(value),
      segments: this.kept(this.state.segments, value),
    }, `Deleted: ${text}.`);
  }

  press(spot) {
    this.hasKeyboard = false;
    this.#pen = undefined;
    if (this.tool === "Move") return false;
    this.reach = this.pixelAt(spot);
    if (this.tool !== "Fill") this.#stroke = this.#painted(this.#begun(), this.reach, this.reach);
    this.redraw();
    return true;
  }

  drag(spot) {
    const from = this.reach;
    this.reach = this.pixelAt(spot);
    if (this.#stroke) this.#stroke = this.#painted(this.#stroke, from, this.reach);
    this.redraw();
  }

  release(spot) {
    const painted = this.#stroke;
    this.#stroke = undefined;
    if (painted) this.#keep(painted);
    else if (this.tool === "Fill") this.clicked(spot);
  }

  abandon() {
    this.#stroke = undefined;
    this.redraw();
  }

  place() {
    if (this.tool === "Fill") {
      this.placeAt(this.cursor);
    } else if (this.tool === "Move") {
      this.said = "Take the brush (B), the eraser (E) or Fill (G) first.";
    } else if (this.#pen) {
      this.#pen = undefined;
      this.said = `${this.tool} lifted.`;
    } else {
      this.#pen = Symbol("from brush down to brush up");
      this.#keep(this.#painted(this.#begun(), this.cursor, this.cursor), this.#pen);
      this.said = `${this.tool} down: arrows paint, Space lifts it.`;
    }
  }

  placeAt(point) {
    const draft = [...this.state.draft, point];
    this.commit({ ...this.state, draft }, `Corner ${draft.length}: ${point.x}, ${point.y}.`);
  }

  finish() {
    const { draft } = this.state;
    if (draft.length < 3) {
      this.said = `An area to fill needs 3 corners, this has ${draft.length}.`;
      return;
    }
    this.dropDraft();
    this.state = this.history.present;
    this.#keep(this.#filled(this.#begun(), inside(draft)));
  }

  nudge(dx, dy) {
    const from = this.cursor;
    this.moveCursor(dx, dy);
    if (this.#pen) this.#keep(this.#painted(this.#begun(), from, this.cursor), this.#pen);
  }

  extraTools() {
    return html`
      <label class="size">Size
        <input type="range" min="1" max=${WIDEST} .value=${String(this.size ?? 1)}
          @input=${(event) => this.#resize(Number(event.target.value))}>
      </label>`;
  }

  paint(workspace) {
    const { mask, segments } = this.#stroke ?? this.state;
    this.#image?.show(mask, this.#colours(segments));
    const { draft } = this.state;
    const { colour } = this.target ?? {};
    const points = this.reach ? [...draft, this.reach] : draft;
    if (draft.length > 0) workspace.line(points, { colour, dashed: true });
    for (const [index, point] of draft.entries()) {
      workspace.handle(point, { colour, strong: index === 0 });
    }
    const at = this.hasKeyboard ? this.cursor : this.reach;
    if (at && ["Brush", "Eraser"].includes(this.tool)) workspace.ring(at, this.size / 2, colour);
    if (this.hasKeyboard) workspace.crosshair(this.cursor);
  }

  /** Go on with what was painted. */
  painted() {}

  /** What is left of the segments when one has no pixels any more. */
  kept(segments) {
    return segments;
  }

  /** What is painted on, and which segment it is to be. */
  #begun() {
    return { ...this.state, segment: this.target };
  }

  #painted(begun, from, to) {
    const spans = stroke(from, to, this.size);
    if (this.tool !== "Eraser") return this.#filled(begun, spans);
    return { ...begun, mask: begun.mask.painted(spans, 0) };
  }

  #filled(begun, spans) {
    const { mask, segment, segments } = begun;
    if (!segment) return begun;
    const isNew = segments.every(({ value }) => value !== segment.value);
    return {
      ...begun,
      mask: mask.painted(spans, segment.value),
      segments: isNew ? [...segments, segment] : segments,
    };
  }

  #keep({ mask, segment, segments }, tag) {
    const said = segment ? `${this.#told(segment, mask)}.` : this.full;
    this.commit({ mask, segments, draft: [] }, said, tag);
    this.painted(segment?.value);
  }

  #told({ label, value }, mask) {
    const count = mask.counts[value];
    return `${label}: ${count} ${count === 1 ? "pixel" : "pixels"}`;
  }

  #colours(segments) {
    const colours = [];
    for (const { value, colour } of segments) colours[value] = colour;
    return colours;
  }

  #resize(size) {
    this.size = Math.min(Math.max(size, 1), WIDEST);
    this.said = `Brush size ${this.size}.`;
  }
}
