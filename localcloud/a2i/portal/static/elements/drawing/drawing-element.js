// What every drawing element has: the image, tools, labels, the list of what was drawn, the
// keyboard, undo, and the rules for when it may be submitted.

import { categoriesOf } from "../categories.js";
import { CrowdElement } from "../crowd-element.js";
import { takeNumberKeys } from "../number-keys.js";
import { html, nothing, styleMap } from "../../vendor/lit.js";
import { drawingStyle } from "./drawing-style.js";
import { distance } from "./gestures.js";
import { History } from "./history.js";
import { keyed } from "./keyboard.js";
import { colourOf } from "./palette.js";
import { drawnList, helpLine, labelsPanel, toolbar } from "./panels.js";
import { loadPicture, PictureError } from "./picture.js";

const SLOTS = { "short-instructions": "short", "full-instructions": "full" };
// Less than this, in pixels of the screen, is a click and no drag.
export const CLICK = 4;
// As near as this to the first corner, a click closes what is drawn.
const NEAR = 12;

/**
 * An element to draw with. What was drawn is `state`, never changed, only replaced by `commit`:
 * the points of a shape that is being drawn are its `draft`.
 *
 * A subclass says what is drawn: `blank` and `begun(picture)`, its states; `noun`, `tools`, `help`
 * and `keys`; `isEmpty`, `items`, `remove(item)`, `relabel(item, label)`, `chooseLabel(index)`;
 * `press(spot)`, `drag(spot)`, `release(spot)`, `abandon()` of the mouse; `nudge(dx, dy)`,
 * `place()`, `placeAt(point)`, `finish()`; `paint(workspace)` and `answer`.
 */
export class DrawingElement extends CrowdElement {
  static properties = {
    header: {},
    src: {},
    labels: {},
    labelColors: { attribute: "label-colors" },
    initialValue: { attribute: "initial-value" },
    state: { state: true },
    tool: { state: true },
    label: { state: true },
    selected: { state: true },
    said: { state: true },
    problem: { state: true },
    workspace: { state: true },
    nothingThere: { state: true },
    zoom: { state: true },
  };
  static styles = [CrowdElement.styles, drawingStyle];

  choices = [];
  colours = [];
  // Where the keyboard is, and where the next point would be.
  cursor = { x: 0, y: 0 };
  reach = undefined;
  hasKeyboard = false;

  constructor() {
    super();
    Object.assign(this, { label: 0, said: "", problem: "", zoom: 100, nothingThere: false });
    this.tool = this.tools[0][0];
    this.history = new History(this.blank);
    this.state = this.history.present;
    takeNumberKeys(this, (index) => {
      if (index >= this.choices.length) return false;
      this.chooseLabel(index);
      return true;
    });
    this.addEventListener("invalid", () => this.#surface?.focus());
  }

  connectedCallback() {
    super.connectedCallback();
    this.toggleAttribute("wide", true);
    for (const [name, slot] of Object.entries(SLOTS)) {
      for (const each of this.querySelectorAll(`:scope > ${name}`)) each.slot = slot;
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.workspace?.close();
    this.workspace = undefined;
  }

  formResetCallback() {
    this.#open();
  }

  get refusal() {
    if (this.problem) return this.problem;
    if (!this.workspace) return "The image is still loading.";
    if (!this.isIdle) {
      return "Finish what you are drawing first (Enter), or drop it (Escape).";
    }
    if (this.isEmpty && !this.nothingThere) {
      return `Draw at least one ${this.noun}, or check "Nothing to label".`;
    }
    return "";
  }

  /** Whether nothing is half drawn. */
  get isIdle() {
    return this.state.draft.length === 0;
  }

  get imageSize() {
    const { height = 1, width = 1 } = this.picture ?? {};
    return { height, width };
  }

  /** How far an arrow key goes, in pixels of the image. */
  get stride() {
    const wanted = Math.max(...Object.values(this.imageSize)) / 60;
    return [50, 20, 10, 5, 2].find((each) => each <= wanted) ?? 1;
  }

  /** A spot of the surface as a pixel of the image. */
  pixelAt(spot) {
    const { x, y } = this.workspace.view.toImage(spot);
    // The pixel that the spot is in, or the border between two that it is nearest to.
    return this.clamped(this.inset ? { x: Math.floor(x), y: Math.floor(y) } : { x, y });
  }

  clamped({ x, y }) {
    const { height, width } = this.imageSize;
    return { x: within(x, width - this.inset), y: within(y, height - this.inset) };
  }

  /** How much less than the image's size the greatest position is: 1 if it names a pixel. */
  get inset() {
    return 0;
  }

  /** Make `state` what is drawn, say what happened, and let one undo take it back. */
  commit(state, said, tag) {
    this.history.push(state, tag);
    this.#show(said);
    this.announce();
  }

  /** Forget what is half drawn, and its steps. */
  dropDraft() {
    this.history.rewind((state) => state.draft.length === 0);
    this.reach = undefined;
  }

  undo() {
    this.history.undo();
    this.#show("Undone.");
    this.announce();
  }

  redo() {
    this.history.redo();
    this.#show("Redone.");
    this.announce();
  }

  cancel() {
    const hadDraft = !this.isIdle;
    this.dropDraft();
    this.selected = undefined;
    this.#show(hadDraft ? "Dropped." : "Nothing is selected.");
  }

  select(index) {
    this.selected = index;
    this.corner = undefined;
    if (index !== undefined) this.said = `Selected: ${this.items[index].text}.`;
  }

  hover(spot) {
    this.hasKeyboard = false;
    this.reach = this.pixelAt(spot);
    this.redraw();
  }

  viewed() {
    if (!this.workspace) return;
    this.zoom = Math.round(this.workspace.view.zoom * 100);
    this.redraw();
  }

  redraw() {
    this.workspace?.draw();
  }

  willUpdate(changed) {
    super.willUpdate(changed);
    if (!["labels", "labelColors", "initialValue"].some((each) => changed.has(each))) return;
    this.choices = this.readList("labels");
    this.colours = this.chosenColours();
  }

  chosenColours() {
    const named = this.labelColors ? this.read("label-colors", coloursOf, []) : [];
    return this.choices.map((_, index) => named[index] ?? colourOf(index));
  }

  updated(changed) {
    super.updated(changed);
    if (changed.has("src") || changed.has("initialValue")) this.#open();
    this.redraw();
  }

  render() {
    return html`
      <h1 id="header" ?hidden=${!this.header}>${this.header}</h1>
      <div class="instructions"><slot name="short"></slot><slot name="full"></slot></div>
      <div class="work" ?inert=${this.isDisabled}>
        ${labelsPanel(this)}
        <div class="main">
          ${toolbar(this)} ${this.#canvas()}
          <p class="said" role="status">${this.said}</p>
          ${this.sentence} ${helpLine(this)}
        </div>
        ${drawnList(this)}
      </div>
      <slot></slot>
    `;
  }

  labelText(label) {
    return label;
  }

  extraTools() {
    return nothing;
  }

  #canvas() {
    const { height, width } = this.imageSize;
    return html`
      <div class="frame" aria-busy=${String(!this.workspace && !this.problem)}>
        <div class="surface" role="application" tabindex="0" aria-label="Image to draw on"
          aria-describedby="help" data-tool=${this.tool} ?hidden=${this.problem !== ""}
          style=${styleMap({ aspectRatio: this.picture ? `${width} / ${height}` : "4 / 3" })}
          @keydown=${this.#keyPressed} @dblclick=${() => !this.isIdle && this.finish()}
          @focus=${this.redraw} @blur=${this.#left} @pointerleave=${this.#left}></div>
        <p class="problem" role="alert">${this.problem || nothing}</p>
      </div>`;
  }

  sayNothingThere(isSo) {
    this.nothingThere = isSo;
    this.announce();
  }

  zoomBy(factor) {
    const { view } = this.workspace;
    view.zoomBy(factor, this.hasKeyboard ? view.toScreen(this.cursor) : undefined);
    this.viewed();
  }

  fit() {
    this.workspace.view.fit();
    this.viewed();
  }

  pan(dx, dy) {
    this.workspace.view.pan(dx, dy);
    this.viewed();
  }

  /** Select the next one, or the one before. */
  step(by) {
    const { length } = this.items;
    if (length === 0) return;
    const from = this.selected ?? (by > 0 ? -1 : 0);
    this.select((from + by + length) % length);
  }

  removeListed(index) {
    this.remove(index);
    // The button that was pressed is gone.
    this.#surface.focus();
  }

  /** Take a click as the next point of what is drawn, or as its end. */
  clicked(spot) {
    const { draft } = this.state;
    const away = (point) => distance(this.workspace.view.toScreen(point), spot);
    if (this.closesAtStart && draft.length > 2 && away(draft[0]) <= NEAR) this.finish();
    // The second click of a double click is no second point.
    else if (draft.length === 0 || away(draft.at(-1)) >= CLICK) this.placeAt(this.pixelAt(spot));
  }

  takeTool(name) {
    this.tool = name;
    this.dropDraft();
    this.#show(`${name}.`);
  }

  get #surface() {
    return this.renderRoot?.querySelector(".surface");
  }

  #show(said) {
    this.state = this.history.present;
    if (!(this.selected < this.items.length)) this.selected = undefined;
    if (!this.isEmpty) this.nothingThere = false;
    if (said) this.said = said;
  }

  async #open() {
    const { src } = this;
    this.workspace?.close();
    Object.assign(this, { workspace: undefined, problem: "" });
    try {
      const picture = await loadPicture(src);
      this.picture = picture;
      const state = await this.begun(picture);
      const { Workspace } = await import("./workspace.js");
      if (src !== this.src || !this.isConnected) return;
      this.history = new History(state);
      this.cursor = { x: picture.width >> 1, y: picture.height >> 1 };
      Object.assign(this, { selected: undefined, nothingThere: false });
      this.#show();
      const workspace = new Workspace(this.#surface, picture, this);
      this.furnish(workspace);
      this.workspace = workspace;
      await this.updateComplete;
      this.viewed();
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      if (src === this.src) this.problem = error.message;
    }
  }

  furnish() {}

  #left(event) {
    if (event.type === "blur") this.hasKeyboard = false;
    if (!this.hasKeyboard) this.reach = undefined;
    this.redraw();
  }

  #keyPressed(event) {
    if (!this.workspace || !keyed(this, event)) return;
    event.preventDefault();
    this.hasKeyboard = true;
    this.redraw();
  }

  removeSelected() {
    if (this.selected === undefined) this.said = "Select something to delete first: N or P.";
    else this.remove(this.selected);
  }

  /** Move where the keyboard is. */
  moveCursor(dx, dy) {
    this.cursor = this.clamped({ x: this.cursor.x + dx, y: this.cursor.y + dy });
    this.reach = this.cursor;
    this.workspace.view.reveal(this.cursor);
    this.said = `${this.cursor.x}, ${this.cursor.y}`;
  }
}

const within = (value, most) => Math.min(Math.max(Math.round(value), 0), most);

function coloursOf(text) {
  const colours = categoriesOf(text);
  const wrong = colours.find((colour) => !/^#[0-9a-f]{6}$/i.test(colour));
  if (wrong) throw new SyntaxError(`${wrong} is not a colour like #1f77b4`);
  return colours;
}
