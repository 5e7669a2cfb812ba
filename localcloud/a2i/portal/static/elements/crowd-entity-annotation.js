// <crowd-entity-annotation>: labels for words, names and phrases of a text.

import { CrowdElement } from "./crowd-element.js";
import { History } from "./drawing/history.js";
import { colourOf } from "./drawing/palette.js";
import {
  cutBy, entitiesOf, entityAt, isSame, labelled, labelsOf, without,
} from "./entities.js";
import { Caret, Selection } from "./entity-caret.js";
import { entityStyle } from "./entity-style.js";
import { heading, headingStyles, slotInstructions } from "./heading.js";
import { literalOf } from "./literal.js";
import { takeNumberKeys } from "./number-keys.js";
import { bringForm } from "./own-form.js";
import { Passage } from "./passage.js";
import { rangeIn, reveal, selectIn, spanIn } from "./text-selection.js";
import { classMap, html, ifDefined, nothing, styleMap } from "../../vendor/lit.js";

const CHOOSE = "Choose a label for it.";
const CUT = "Part of this is labelled already. Select all of that too, or none of it.";

export class CrowdEntityAnnotation extends CrowdElement {
  static properties = {
    header: {},
    text: {},
    labels: {},
    initialValue: { attribute: "initial-value" },
    choices: { state: true },
    entities: { state: true },
    selection: { state: true },
    pen: { state: true },
    said: { state: true },
    refused: { state: true },
  };
  static styles = [CrowdElement.styles, headingStyles, entityStyle];

  #passage = new Passage("");
  #history = new History([]);
  // Where the keyboard was last, for when nothing is selected any more.
  #place = undefined;

  constructor() {
    super();
    Object.assign(this, { text: "", choices: [], entities: [], said: "" });
    this.addEventListener("invalid", () => this.#surface.focus());
    takeNumberKeys(this, (index) => this.#numberPressed(index));
  }

  connectedCallback() {
    super.connectedCallback();
    slotInstructions(this);
    document.addEventListener("selectionchange", this.#selectionChanged);
    // A form that it is being moved into tells it so late that it is out of the page again.
    if (this.isConnected && !this.closest("crowd-form")) bringForm(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener("selectionchange", this.#selectionChanged);
  }

  get answer() {
    return {
      entities: this.entities.map(({ label, start, end }) => (
        { endOffset: end, label, startOffset: start }
      )),
    };
  }

  formResetCallback() {
    this.#begin();
  }

  willUpdate(changed) {
    if (["text", "labels", "initialValue"].some((each) => changed.has(each))) this.#begin();
  }

  render() {
    return html`
      ${heading(this.header)}
      <div class="bar" ?inert=${this.isDisabled}>
        <div class="labels" role="group" aria-label="Labels">
          ${this.choices.map((choice, index) => this.#choice(choice, index))}
        </div>
        <button type="button" class="tool" ?disabled=${!this.#history.canUndo}
          aria-keyshortcuts="Control+Z" @click=${this.undo}>Undo</button>
      </div>
      <div class="text" role="application" tabindex="0" dir="auto" aria-label="Text to label"
        aria-describedby="help" ?inert=${this.isDisabled} @keydown=${this.#keyPressed}
        @pointerdown=${this.#pressed} @click=${this.#clicked}>${this.#pieces()}</div>
      <p class="said ${classMap({ refused: this.refused ?? false })}" role="status">${this.said}</p>
      ${this.sentence}
      <details>
        <summary>Keys and mouse</summary>
        <p id="help">Select a word or a phrase and choose its label; or choose a label first and
          then select with the mouse. In the text, arrow keys go from word to word, with Shift they
          select more or less, and with Ctrl or Alt letter by letter. Number keys choose labels,
          also for what is labelled already. Delete removes a label, Ctrl+Z undoes, Escape selects
          nothing.</p>
      </details>
      <slot></slot>`;
  }

  undo() {
    this.#history.undo();
    this.entities = this.#history.present;
    this.#select(undefined, "Undone.");
    this.announce();
  }

  #begin() {
    this.#passage = new Passage(this.text ?? "");
    this.choices = this.read("labels", (text) => labelsOf(literalOf(text)), []);
    const { text } = this.#passage;
    const entities = this.read("initial-value", (value) => (
      value.trim() ? entitiesOf(literalOf(value), text, this.choices) : []
    ), []);
    this.#history = new History(entities);
    this.#place = undefined;
    Object.assign(this, { entities, selection: undefined, said: "", refused: false });
  }

  get #surface() {
    return this.renderRoot.querySelector(".text");
  }

  #choice({ label, full }, index) {
    const key = index < 9 ? String(index + 1) : undefined;
    return html`
      <button type="button" class="tool" aria-pressed=${String(this.pen === label)}
        aria-keyshortcuts=${ifDefined(key)} style=${styleMap({ "--hue": colourOf(index) })}
        @mousedown=${keepSelection} @click=${() => this.#chooseLabel(label, false)}>
        <span class="swatch"></span>${full}
        ${key ? html`<kbd aria-hidden="true">${key}</kbd>` : nothing}
      </button>`;
  }

  // Nothing but the text itself may be text in here: its offsets are counted in these nodes.
  #pieces() {
    const pieces = [];
    let end = 0;
    for (const entity of this.entities) {
      pieces.push(this.text.slice(end, entity.start), this.#entity(entity));
      end = entity.end;
    }
    return [...pieces, this.text.slice(end)];
  }

  #entity(entity) {
    const index = this.choices.findIndex(({ label }) => label === entity.label);
    const { full, short } = this.choices[index];
    const text = this.#passage.textOf(entity);
    const chosen = this.selection && isSame(this.selection, entity);
    return html`<mark class=${classMap({ chosen: chosen ?? false })}
      style=${styleMap({ "--hue": colourOf(index) })}>${text}<button type="button" class="remove"
      tabindex="-1" data-label=${short} aria-label=${`Remove ${full}: ${text}`}
      @click=${(event) => this.#removePressed(event, entity)}></button></mark>`;
  }

  #chooseLabel(label, staysSelected) {
    if (this.selection) this.#label(label, staysSelected);
    else {
      this.pen = this.pen === label ? undefined : label;
      this.#say(this.pen === undefined ? "" : "Select what it is for.");
    }
  }

  #label(label, staysSelected = false) {
    const span = this.selection;
    if (cutBy(this.entities, span).length > 0) {
      this.#say(CUT, true);
      return;
    }
    const { start, end } = span;
    this.#commit(labelled(this.entities, span, label));
    const said = `${this.#nameOf(label)}: “${this.#passage.textOf(span)}”`;
    this.#place = new Selection({ start, end });
    this.#select(staysSelected ? this.#place : undefined, said);
  }

  #remove(span, staysSelected) {
    const entities = without(this.entities, span);
    if (entities.length === this.entities.length) return;
    this.#commit(entities);
    this.#select(staysSelected ? span : undefined, "Removed.");
  }

  #commit(entities) {
    this.#history.push(entities);
    this.entities = entities;
    this.announce();
  }

  #select(selection, said) {
    this.selection = selection;
    this.#say(said ?? this.#described);
    this.updateComplete.then(() => selectIn(this.#surface, this.selection));
  }

  #say(said, refused = false) {
    Object.assign(this, { said, refused });
  }

  get #described() {
    if (!this.selection) return "";
    const text = `“${this.#passage.textOf(this.selection)}”`;
    const entity = this.entities.find((each) => isSame(each, this.selection));
    return entity ? `${this.#nameOf(entity.label)}: ${text}` : `${text} is selected. ${CHOOSE}`;
  }

  #nameOf(label) {
    return this.choices.find((each) => each.label === label).full;
  }

  #numberPressed(index) {
    if (index >= this.choices.length || this.isDisabled) return false;
    this.#chooseLabel(this.choices[index].label, true);
    return true;
  }

  #removePressed(event, entity) {
    event.stopPropagation();
    this.#remove(entity, false);
  }

  // What is selected by mouse or by finger, while it is.
  #selectionChanged = () => {
    const range = this.#surface && rangeIn(this.#surface);
    if (!range || range.collapsed) return;
    const span = this.#passage.whole(spanIn(this.#surface, range));
    if (!span || (this.selection && isSame(span, this.selection))) return;
    this.selection = new Selection(span);
    this.#say(this.#described);
  };

  #pressed({ pointerType, button }) {
    if (button !== 0) return;
    // A drag may end outside of the text, and the browser is done with it only after the event.
    const released = () => setTimeout(() => this.#released(pointerType));
    document.addEventListener("pointerup", released, { once: true });
  }

  #released(pointerType) {
    const range = rangeIn(this.#surface);
    // After a finger, handles may still be dragged.
    if (!range || range.collapsed || !this.selection || pointerType === "touch") return;
    if (this.pen === undefined) selectIn(this.#surface, this.selection);
    else this.#label(this.pen);
  }

  #clicked() {
    const range = rangeIn(this.#surface);
    if (!range?.collapsed) return;
    const { start } = spanIn(this.#surface, range);
    const entity = entityAt(this.entities, start);
    const word = this.#passage.wordAt(start);
    const touched = word && word.start <= start && start <= word.end ? word : undefined;
    const span = entity ?? touched;
    this.#select(span && new Selection({ start: span.start, end: span.end }));
  }

  #keyPressed(event) {
    const done = this.#moved(event) || this.#commanded(event);
    if (done) event.preventDefault();
  }

  #commanded({ key, ctrlKey, metaKey }) {
    if ((ctrlKey || metaKey) && key.toLowerCase() === "z") this.undo();
    else if (key === "Delete" || key === "Backspace") {
      if (this.selection) this.#remove(this.selection, true);
    } else if (key === "Escape") {
      this.pen = undefined;
      this.#select(undefined);
    } else return false;
    return true;
  }

  #moved(event) {
    const caret = new Caret(this.#surface, this.#passage, this.entities, this.selection ?? this.#place);
    const selection = caret.after(event);
    if (!selection) return false;
    this.#place = selection;
    this.#select(selection);
    reveal(this.#surface, selection, this.renderRoot.querySelector(".bar").offsetHeight);
    return true;
  }
}

/** Leave what is selected in the text selected when a button is pressed. */
function keepSelection(event) {
  event.preventDefault();
}
