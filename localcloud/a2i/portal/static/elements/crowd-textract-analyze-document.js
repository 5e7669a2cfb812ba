// <crowd-textract-analyze-document>: the keys and values that Amazon Textract found on a page, to
// be corrected, and the important ones that it did not find.

import { CrowdElement } from "./crowd-element.js";
import { CLOSEST, documentStyles, documentView, showBlocks } from "./document-view.js";
import { answerBlocks, blocksOf, keysOf, pairsOf } from "./form-pairs.js";
import { heading, headingStyles, slotInstructions } from "./heading.js";
import { literalOf } from "./literal.js";
import { pairStyles } from "./pair-style.js";
import { MISSING } from "./task-image.js";
import { classMap, html, live, nothing } from "../../vendor/lit.js";

const NAME = "AWS/Textract/AnalyzeDocument/Forms/V1";
// The developer guide writes these with capitals, which HTML makes small.
const ALSO = { "block-types": "blocktypes", "initial-value": "initialvalue" };
// On a screen less wide than this, a whole page cannot be read.
const NARROW = 560;

const GIVEN = ["initialValue", "initialValueAlso", "keys", "blockTypes", "blockTypesAlso"];

export class CrowdTextractAnalyzeDocument extends CrowdElement {
  static properties = {
    header: {},
    src: {},
    initialValue: { attribute: "initial-value" },
    keys: {},
    blockTypes: { attribute: "block-types" },
    initialValueAlso: { attribute: ALSO["initial-value"] },
    blockTypesAlso: { attribute: ALSO["block-types"] },
    noKeyEdit: { type: Boolean, attribute: "no-key-edit" },
    reviews: { state: true },
    current: { state: true },
    zoom: { state: true },
    isMissing: { state: true },
  };
  static styles = [CrowdElement.styles, headingStyles, documentStyles, pairStyles];

  constructor() {
    super();
    Object.assign(this, { reviews: [], zoom: 1 });
    this.addEventListener("invalid", () => this.#focus(this.reviews.findIndex(isOpen)));
  }

  connectedCallback() {
    super.connectedCallback();
    slotInstructions(this);
    this.toggleAttribute("wide", true);
  }

  // The service reads the answer under this key, whatever a template says.
  get name() {
    return NAME;
  }

  set name(_) {}

  get answer() {
    return { blocks: answerBlocks(this.reviews) };
  }

  get refusal() {
    const open = this.reviews.find(isOpen);
    if (!open || this.isDisabled) return "";
    if (open.key.trim() === "") return "Enter the key, or say that it is not one.";
    const otherwise = open.pair.isMissing ? "it is blank, or its key not found" : "it is blank";
    return `Enter the value of “${open.key}”, or say that ${otherwise}.`;
  }

  formResetCallback() {
    this.#begin();
  }

  willUpdate(changed) {
    if (changed.has("src")) this.isMissing = !this.src;
    if (GIVEN.some((each) => changed.has(each))) this.#begin();
  }

  firstUpdated() {
    if (this.clientWidth < NARROW) this.zoom = 1.5;
  }

  render() {
    const pairs = this.reviews.map(({ pair, isPair }, index) => (
      { key: isPair && pair.keyBlock, values: isPair ? pair.valueBlocks : [],
        isCurrent: index === this.current }
    ));
    const open = this.reviews.findIndex(isOpen);
    return html`
      ${heading(this.header)}
      <div class="work" ?inert=${this.isDisabled}>
        ${documentView({
          src: this.src,
          pairs,
          zoom: this.zoom,
          zoomBy: (factor) => this.#zoomBy(factor),
          pick: (index) => this.#focus(index),
          fail: () => { this.isMissing = true; },
          missing: this.isMissing ? MISSING : undefined,
        })}
        <div class="list">
          ${open < 0 ? this.sentence : nothing}
          ${this.reviews.length === 0 ? html`<p class="none">There is nothing to review.</p>` : nothing}
          <ol aria-label="Keys and values">
            ${this.reviews.map((review, index) => (
              this.#item(review, index, index === open ? this.sentence : nothing)
            ))}
          </ol>
        </div>
      </div>`;
  }

  #begin() {
    const list = (attribute, parse) => {
      const name = this.hasAttribute(attribute) ? attribute : ALSO[attribute] ?? attribute;
      return this.read(name, (text) => (text.trim() ? parse(literalOf(text)) : undefined));
    };
    list("block-types", onlyPairs);
    const blocks = list("initial-value", blocksOf) ?? new Map();
    const pairs = pairsOf(blocks, list("keys", keysOf) ?? []);
    this.reviews = pairs.map((pair) => ({
      pair,
      key: pair.key,
      value: pair.value,
      selected: new Set(pair.selections.filter(isSelected).map(({ id }) => id)),
      isPair: true,
      isFound: true,
      isBlank: false,
    }));
    this.current = undefined;
  }

  #item(review, index, sentence) {
    const { pair, key, isPair, isFound } = review;
    return html`
      <li class=${classMap({ current: index === this.current, out: !isPair || !isFound })}
        @focusin=${() => this.#look(index)}>
        <div class="key">
          ${this.noKeyEdit || pair.isMissing ? html`<strong>${key}</strong>` : html`
            <input type="text" aria-label="Key" .value=${live(key)}
              @input=${(event) => this.#note(index, { key: event.target.value })}
              @keydown=${(event) => this.#keyPressed(event, index)}>`}
          ${pair.isMissing ? html`<span class="tag">Not found by the model</span>` : nothing}
        </div>
        ${pair.aliases.length > 0
          ? html`<p class="aliases">Also written: ${pair.aliases.join(", ")}</p>` : nothing}
        ${hasText(pair) ? this.#value(review, index) : nothing}
        ${pair.selections.map((block, number) => this.#selection(review, index, block, number))}
        <div class="verdict">
          ${pair.isMissing ? nothing : this.#validity(review, index)}
          ${hasText(pair) ? this.#check("Value is blank", review.isBlank, !isPair || !isFound,
            (isBlank) => this.#note(index, isBlank ? { isBlank, value: "" } : { isBlank })) : nothing}
          ${pair.isMissing ? this.#check("Key not found", !isFound, false,
            (isMissing) => this.#note(index, { isFound: !isMissing })) : nothing}
        </div>
        ${sentence}
      </li>`;
  }

  #value({ key, value, isPair, isFound, isBlank }, index) {
    return html`
      <input type="text" class="value" aria-label=${`Value of ${key}`} autocomplete="off"
        ?disabled=${!isPair || !isFound} placeholder=${isBlank ? "blank" : nothing}
        .value=${live(value)} @keydown=${(event) => this.#keyPressed(event, index)}
        @input=${(event) => this.#note(index, { value: event.target.value, isBlank: false })}>`;
  }

  #selection({ key, selected, isPair }, index, { id }, number) {
    const name = number === 0 ? "Selected" : `Selected (${number + 1})`;
    return html`
      <label class="selection">
        <input type="checkbox" aria-label=${`${key}: ${name}`} ?disabled=${!isPair}
          .checked=${live(selected.has(id))} @change=${(event) => this.#select(index, id, event)}>
        ${name}
      </label>`;
  }

  #validity({ key, isPair }, index) {
    const choice = (text, isYes) => html`
      <label><input type="radio" name="pair-${index}" .checked=${live(isPair === isYes)}
        @change=${() => this.#note(index, { isPair: isYes })}> ${text}</label>`;
    return html`
      <div role="radiogroup" aria-label=${`Is ${key} with this value a pair?`}>
        <span aria-hidden="true">A pair?</span> ${choice("Yes", true)} ${choice("No", false)}
      </div>`;
  }

  #check(text, checked, disabled, changed) {
    return html`
      <label><input type="checkbox" .checked=${live(checked)} ?disabled=${disabled}
        @change=${(event) => changed(event.target.checked)}> ${text}</label>`;
  }

  #select(index, id, { target: { checked } }) {
    const selected = new Set(this.reviews[index].selected);
    if (checked) selected.add(id);
    else selected.delete(id);
    this.#note(index, { selected });
  }

  /** Take down what a person says of a pair. */
  #note(index, said) {
    this.reviews = this.reviews.with(index, { ...this.reviews[index], ...said });
    this.announce();
  }

  #look(index) {
    if (this.current === index) return;
    this.current = index;
    const { keyBlock, valueBlocks } = this.reviews[index].pair;
    showBlocks(this.renderRoot.querySelector(".window"), [keyBlock, ...valueBlocks]);
  }

  async #zoomBy(factor) {
    this.zoom = Math.min(Math.max(this.zoom * factor, 1), CLOSEST);
    await this.updateComplete;
    const pair = this.reviews[this.current]?.pair;
    if (!pair) return;
    showBlocks(this.renderRoot.querySelector(".window"), [pair.keyBlock, ...pair.valueBlocks]);
  }

  #focus(index) {
    const item = this.renderRoot.querySelectorAll("li")[index];
    (item?.querySelector(".value:enabled") ?? item?.querySelector("input"))?.focus();
  }

  // From value to value; from the last one, Enter submits as it does everywhere.
  #keyPressed(event, index) {
    if (event.key !== "Enter" || event.isComposing || index === this.reviews.length - 1) return;
    event.preventDefault();
    this.#focus(index + 1);
  }
}

const isSelected = ({ selectionStatus }) => selectionStatus === "SELECTED";
const hasText = ({ words, selections }) => words.length > 0 || selections.length === 0;

/** Whether something is still to be said of a pair. */
function isOpen({ pair, key, value, isPair, isFound, isBlank }) {
  if (!isPair || !isFound) return false;
  return key.trim() === "" || (hasText(pair) && !isBlank && value.trim() === "");
}

function onlyPairs(types) {
  if (Array.isArray(types) && types.length === 1 && types[0] === "KEY_VALUE_SET") return;
  throw new SyntaxError(`only ["KEY_VALUE_SET"] is supported, not ${JSON.stringify(types)}`);
}
