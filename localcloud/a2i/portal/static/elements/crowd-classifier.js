// <crowd-classifier>: one label out of several for what is shown.

import { categoriesOf } from "./categories.js";
import { isPlain, isTyping } from "./keys.js";
import { sheet } from "./sheet.js";

const style = sheet(`
  :host { display: block; }
  :host([hidden]), [hidden] { display: none; }
  h1 { margin: 0; font: 600 1.25rem/1.4 var(--sans); text-wrap: balance; }
  .instructions {
    display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.2rem 1rem; margin: 0.4rem 0 0;
  }
  .target { margin: 1.4rem 0; }
  fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
  .choices { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.75rem; }
  label {
    position: relative; display: flex; flex-direction: column; align-items: center;
    justify-content: center; gap: 0.3rem; min-height: 6.25rem; padding: 1.1rem 0.9rem 0.9rem;
    border: 2px solid var(--line); border-radius: calc(var(--radius) + 4px);
    background: var(--surface); text-align: center; cursor: pointer;
  }
  label:hover { border-color: var(--muted); }
  label:has(:checked) { border-color: var(--accent); background: var(--accent-soft); }
  label:has(:checked)::after {
    content: "✓" / ""; position: absolute; top: 0.35rem; right: 0.75rem;
    color: var(--accent-strong); font-size: 1.15rem; font-weight: 700;
  }
  label:has(:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
  input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
  .label { font-size: 1.35rem; font-weight: 600; line-height: 1.25; overflow-wrap: anywhere; }
  kbd {
    position: absolute; top: 0.55rem; left: 0.6rem; box-sizing: border-box; min-width: 1.4rem;
    padding: 0 0.3rem; text-align: center;
    border: 1px solid var(--line); border-radius: 5px; background: var(--ground);
    color: var(--muted); font: 0.8rem/1.45 var(--sans);
  }
  .suggestion { color: var(--accent-strong); font-size: 0.85rem; font-weight: 550; }
  .error { margin: 0.75rem 0 0; color: var(--warning); font-weight: 600; }
  @media (max-width: 34rem) {
    h1 { font-size: 1.1rem; }
    .target { margin: 1rem 0; }
    .choices { grid-template-columns: 1fr; gap: 0.5rem; }
    label { min-height: 3.4rem; padding: 0.45rem 3rem; }
    label:has(:checked)::after { top: 50%; translate: 0 -50%; }
    kbd { top: 50%; translate: 0 -50%; }
  }
`);

const markup = `
  <h1 id="header"></h1>
  <div class="instructions"><slot name="short"></slot><slot name="full"></slot></div>
  <div class="target"><slot></slot></div>
  <fieldset role="radiogroup" aria-labelledby="header" aria-required="true">
    <div class="choices"></div>
  </fieldset>
  <p class="error" role="alert" hidden></p>
`;

const SLOTS = { "short-instructions": "short", "full-instructions": "full" };

export class CrowdClassifier extends HTMLElement {
  static formAssociated = true;
  static observedAttributes = ["categories", "header", "initial-value"];
  #internals = this.attachInternals();
  #root = this.attachShadow({ mode: "open", delegatesFocus: true });
  #error;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [style];
    this.#root.innerHTML = markup;
    this.#error = this.#root.querySelector(".error");
    this.#root.addEventListener("change", () => this.#chosen());
    this.addEventListener("invalid", (event) => this.#refused(event));
    document.addEventListener("keydown", (event) => this.#keyPressed(event));
  }

  connectedCallback() {
    for (const [name, slot] of Object.entries(SLOTS)) {
      for (const each of this.querySelectorAll(`:scope > ${name}`)) each.slot = slot;
    }
  }

  attributeChangedCallback(attribute) {
    if (attribute === "header") {
      this.#root.querySelector("h1").textContent = this.getAttribute("header");
    } else {
      this.#showChoices();
    }
  }

  formResetCallback() {
    this.#showChoices();
  }

  get name() {
    return this.getAttribute("name");
  }

  /** This element's part of the answer. */
  get answer() {
    const chosen = this.#inputs.find((input) => input.checked);
    return chosen && { label: chosen.value };
  }

  get #inputs() {
    return [...this.#root.querySelectorAll("input")];
  }

  #showChoices() {
    let categories = [];
    try {
      categories = categoriesOf(this.getAttribute("categories") ?? "");
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#say(`This page cannot be answered. Its "categories" are wrong: ${error.message}.`);
    }
    const suggested = this.getAttribute("initial-value")?.trim();
    this.#root.querySelector(".choices").replaceChildren(
      ...categories.map((category, index) => choice(category, index, category === suggested)),
    );
    this.#chosen();
  }

  #chosen() {
    const label = this.answer?.label ?? null;
    this.#internals.setFormValue(label);
    if (label !== null) {
      this.#internals.setValidity({});
      this.#say("");
    } else {
      const missing = "Choose one of the answers first.";
      this.#internals.setValidity({ valueMissing: true }, missing, this.#inputs[0]);
    }
  }

  #refused(event) {
    event.preventDefault();
    if (this.#inputs.length === 0) return;
    this.#say(this.#internals.validationMessage);
    this.#inputs[0].focus();
  }

  #say(text) {
    this.#error.textContent = text;
    this.#error.hidden = text === "";
  }

  #keyPressed(event) {
    if (!/^[1-9]$/.test(event.key) || !isPlain(event) || isTyping(event)) return;
    // Of several on one page, the key is for the one that has the focus, else for the first.
    const mine = document.activeElement?.closest("crowd-classifier")
      ?? document.querySelector("crowd-classifier");
    const input = this.#inputs[Number(event.key) - 1];
    if (mine !== this || !input) return;
    event.preventDefault();
    input.focus();
    input.click();
  }
}

function choice(category, index, suggested) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name: "choice", value: category, checked: suggested });
  const text = document.createElement("span");
  text.className = "label";
  text.textContent = category;
  label.append(input, text);
  if (index < 9) {
    const key = document.createElement("kbd");
    key.textContent = String(index + 1);
    key.ariaHidden = "true";
    input.setAttribute("aria-keyshortcuts", key.textContent);
    label.append(key);
  }
  if (suggested) {
    const note = document.createElement("span");
    note.className = "suggestion";
    note.textContent = "Suggested by the model";
    label.append(note);
  }
  return label;
}
