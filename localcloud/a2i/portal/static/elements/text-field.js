// What a worker types: in one line or in several.

import { CrowdElement } from "./crowd-element.js";
import { css, html, nothing } from "../../vendor/lit.js";

/** A subclass draws its `field()`, which has the class "field" and the listener `typed`. */
export class TextField extends CrowdElement {
  static properties = {
    allowedPattern: { attribute: "allowed-pattern" },
    autoFocus: { type: Boolean, attribute: "auto-focus" },
    autoValidate: { type: Boolean, attribute: "auto-validate" },
    errorMessage: { attribute: "error-message" },
    label: {},
    maxLength: { type: Number, attribute: "max-length" },
    minLength: { type: Number, attribute: "min-length" },
    placeholder: {},
    required: { type: Boolean },
    value: {},
  };
  static styles = [CrowdElement.styles, css`
    :host { margin: 0.75rem 0; }
    .box { position: relative; max-width: 36rem; }
    .field {
      display: block; width: 100%; min-height: 2.9rem; padding: var(--above, 0.6rem) 0.8rem var(--below, 0.6rem);
      border: 1px solid var(--field-line); border-radius: var(--radius);
      background: var(--surface); color: var(--text); font: 1.05rem/1.5 var(--sans);
    }
    .field:hover { border-color: var(--text); }
    .field:focus-visible { outline-offset: 0; border-color: var(--accent); }
    .field[aria-invalid="true"] { border-color: var(--warning); border-width: 2px; }
    .field:disabled { opacity: 0.6; }
    .field::placeholder { color: var(--muted); opacity: 1; }
    label + .field { --above: 1.55rem; --below: 0.35rem; }
    label {
      position: absolute; top: 0.4rem; left: 0.9rem; right: 0.9rem; color: var(--muted);
      font-size: 0.8rem; line-height: 1.3; pointer-events: none;
      overflow: hidden; text-overflow: ellipsis; white-space: nowrap; transition: all 0.12s;
    }
    .box:has(.field:placeholder-shown:not(:focus)) label.resting {
      top: 1rem; font-size: 1.05rem;
    }
    .below { display: flex; gap: 1rem; max-width: 36rem; }
    .error { flex: 1; margin-top: 0.3rem; font-size: 0.95rem; }
    @media (prefers-reduced-motion: reduce) { label { transition: none; } }
  `];

  constructor() {
    super();
    this.value = "";
  }

  get answer() {
    return this.value || undefined;
  }

  get refusal() {
    const fault = this.isDisabled ? "" : this.#fault;
    return fault && (this.errorMessage || fault);
  }

  get #fault() {
    const { length } = this.value ?? "";
    if (this.#field?.validity.badInput || this.#field?.validity.typeMismatch) {
      return this.#field.validationMessage;
    }
    if (length === 0) return this.required ? "Fill this in first." : "";
    if (length < this.minLength) {
      return `At least ${this.minLength} characters are needed; there are ${length}.`;
    }
    if (this.#allowed(this.value) !== this.value) {
      return `These characters only: ${this.allowedPattern}`;
    }
    return "";
  }

  get #field() {
    return this.renderRoot?.querySelector(".field");
  }

  formResetCallback() {
    this.value = this.getAttribute("value") ?? "";
    this.complaining = false;
  }

  willUpdate(changed) {
    if (!["allowedPattern", "autoValidate"].some((each) => changed.has(each))) return;
    this.pattern = this.read("allowed-pattern", (text) => (
      this.autoValidate ? patternOf(text) : undefined
    ));
  }

  firstUpdated() {
    if (!this.autoFocus) return;
    // A page in a frame cannot take the focus, but only pass it on when it gets it.
    if (document.hasFocus()) this.focus();
    else window.addEventListener("focus", () => this.focus(), { once: true });
  }

  render() {
    // A label rests in an empty field, if no placeholder is there.
    const label = html`<label for="field" class=${this.placeholder ? "" : "resting"}>${
      this.label}</label>`;
    return html`
      <div class="box">${this.label ? label : nothing}${this.field()}</div>
      <div class="below">${this.sentence}${this.counter()}</div>`;
  }

  /** What shows how much was typed. */
  counter() {
    return nothing;
  }

  /** What a screen reader calls the field when it has no label. */
  get fieldName() {
    return this.label ? nothing : this.spokenName;
  }

  get isWrong() {
    return this.complaining && this.refusal ? "true" : nothing;
  }

  typed(event) {
    const field = event.target;
    const allowed = this.#allowed(field.value);
    if (field.type !== "file" && allowed !== field.value) field.value = allowed;
    this.value = field.value;
    if (this.autoValidate) this.complaining = true;
    if (event.type === "change") this.announce();
  }

  #allowed(text) {
    if (!this.autoValidate || !this.allowedPattern || !this.pattern) return text;
    return [...text].filter((character) => this.pattern.test(character)).join("");
  }
}

/** The pattern in a text: as HTML reads one, or with escapes that only older scripts allow. */
function patternOf(text) {
  try {
    return new RegExp(text, "u");
  } catch {
    return new RegExp(text);
  }
}
