// What every drawing element has beside its image: tools, labels, the list of what was drawn, undo,
// and the rules for when it may be submitted.

import { categoriesOf } from "../categories.js";
import { CrowdElement } from "../crowd-element.js";
import { heading, headingStyles, slotInstructions } from "../heading.js";
import { takeNumberKeys } from "../number-keys.js";
import { html, nothing } from "../../../vendor/lit.js";
import { CanvasElement } from "./canvas-element.js";
import { drawingStyle } from "./drawing-style.js";
import { distance } from "./gestures.js";
import { History } from "./history.js";
import { colourOf, hexOf } from "./palette.js";
import { drawnList, helpLine, labelsPanel, toolbar } from "./panels.js";

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
export class DrawingElement extends CanvasElement {
  static properties = {
    header: {},
    labels: { noAccessor: true },
    labelColors: { attribute: "label-colors" },
    initialValue: { attribute: "initial-value" },
    state: { state: true },
    tool: { state: true },
    label: { state: true },
    selected: { state: true },
    nothingThere: { state: true },
  };
  static styles = [CrowdElement.styles, headingStyles, drawingStyle];

  choices = [];
  colours = [];

  constructor() {
    super();
    Object.assign(this, { label: 0, nothingThere: false, tool: this.tools[0][0] });
    this.history = new History(this.blank);
    this.state = this.history.present;
    takeNumberKeys(this, (index) => {
      if (index >= this.choices.length) return false;
      this.chooseLabel(index);
      return true;
    });
  }

  connectedCallback() {
    super.connectedCallback();
    slotInstructions(this);
  }

  get labels() {
    return this.readList("labels");
  }

  set labels(given) {
    this.giveList("labels", given);
  }

  get refusal() {
    if (super.refusal) return super.refusal;
    if (!this.isIdle) return "Finish what you are drawing first (Enter), or drop it (Escape).";
    if (!this.isEmpty || this.nothingThere) return "";
    return `Draw at least one ${this.noun}, or check "Nothing to label".`;
  }

  /** Whether nothing is half drawn. */
  get isIdle() {
    return this.state.draft.length === 0;
  }

  async begin(picture) {
    this.history = new History(await this.begun(picture));
    Object.assign(this, { selected: undefined, nothingThere: false });
    this.#show();
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
    this.abandon();
    this.history.undo();
    this.#show("Undone.");
    this.announce();
  }

  redo() {
    this.abandon();
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

  takeTool(name) {
    this.tool = name;
    this.dropDraft();
    this.#show(`${name}.`);
  }

  /** Take a click as the next point of what is drawn, or as its end. */
  clicked(spot) {
    const { draft } = this.state;
    const away = (point) => distance(this.workspace.view.toScreen(point), spot);
    if (this.closesAtStart && draft.length > 2 && away(draft[0]) <= NEAR) this.finish();
    // The second click of a double click is no second point.
    else if (draft.length === 0 || away(draft.at(-1)) >= CLICK) this.placeAt(this.pixelAt(spot));
  }

  select(index) {
    this.selected = index;
    this.corner = undefined;
    if (index !== undefined) this.said = `Selected: ${this.items[index].text}.`;
  }

  /** Select the next one, or the one before. */
  step(by) {
    const { length } = this.items;
    if (length === 0) return;
    const from = this.selected ?? (by > 0 ? -1 : 0);
    this.select((from + by + length) % length);
  }

  removeSelected() {
    if (this.selected === undefined) this.said = "Select something to delete first: N or P.";
    else this.remove(this.selected);
  }

  removeListed(index) {
    this.remove(index);
    // The button that was pressed is gone.
    this.surface.focus();
  }

  sayNothingThere(isSo) {
    this.nothingThere = isSo;
    this.announce();
  }

  willUpdate(changed) {
    super.willUpdate(changed);
    if (!["labels", "labelColors", "initialValue"].some((each) => changed.has(each))) return;
    this.choices = this.readList("labels");
    this.colours = this.chosenColours();
  }

  updated(changed) {
    super.updated(changed);
    if (changed.has("initialValue") && !changed.has("src")) this.open();
  }

  render() {
    return html`
      ${heading(this.header)}
      <div class="work" ?inert=${this.isDisabled}>
        ${labelsPanel(this)}
        <div class="main">
          ${toolbar(this)} ${this.canvas()}
          <p class="said" role="status">${this.said}</p>
          ${this.sentence} ${helpLine(this)}
        </div>
        ${drawnList(this)}
      </div>
      <slot></slot>
    `;
  }

  chosenColours() {
    const named = this.labelColors ? this.read("label-colors", coloursOf, []) : [];
    return this.choices.map((_, index) => named[index] ?? colourOf(index));
  }

  labelText(label) {
    return label;
  }

  extraTools() {
    return nothing;
  }

  #show(said) {
    this.state = this.history.present;
    if (!(this.selected < this.items.length)) this.selected = undefined;
    if (!this.isEmpty) this.nothingThere = false;
    if (said) this.said = said;
  }
}

function coloursOf(text) {
  const colours = categoriesOf(text);
  const wrong = colours.find((colour) => !hexOf(colour));
  if (wrong !== undefined) throw new SyntaxError(`${wrong} is not a colour like #1f77b4`);
  return colours.map(hexOf);
}
