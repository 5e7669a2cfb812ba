// What is on or off: check boxes, radio buttons and switches.

import { CrowdElement } from "./crowd-element.js";
import { css, html, live, nothing } from "../../vendor/lit.js";

/** A subclass may say which `type` of input it is, and its `inputRole`. */
export class Checkable extends CrowdElement {
  static properties = {
    checked: { type: Boolean },
    required: { type: Boolean },
    value: {},
  };
  static styles = [CrowdElement.styles, css`
    :host { display: inline-block; vertical-align: top; }
    label {
      display: inline-flex; align-items: flex-start; gap: 0.6rem; min-height: 2.5rem;
      padding: 0.45rem 0.35rem 0.45rem 0.1rem; cursor: pointer;
    }
    label:has(:disabled) { opacity: 0.6; cursor: default; }
    input {
      flex: none; width: 1.25rem; height: 1.25rem; margin: 0.15rem 0 0;
      accent-color: var(--accent); cursor: inherit;
    }
    .error { margin-top: 0; }
  `];

  constructor() {
    super();
    this.checked = false;
    this.value = "on";
    // A label outside of this element clicks the element itself.
    this.addEventListener("click", (event) => {
      if (event.composedPath()[0] === this) this.renderRoot.querySelector("input").click();
    });
  }

  get type() {
    return "checkbox";
  }

  get inputRole() {
    return nothing;
  }

  /** Whether a screen reader calls it invalid. */
  get isWrong() {
    return nothing;
  }

  get answer() {
    return { [this.value ?? "on"]: this.checked };
  }

  get refusal() {
    return this.required && !this.checked && !this.isDisabled ? "Check this first." : "";
  }

  formResetCallback() {
    this.checked = this.hasAttribute("checked");
  }

  render() {
    const name = this.textContent.trim() ? nothing : this.spokenName;
    return html`
      <label>
        <input type=${this.type} role=${this.inputRole} aria-label=${name} aria-describedby="error"
          aria-invalid=${this.isWrong} tabindex=${this.tabStop === false ? -1 : nothing}
          ?disabled=${this.isDisabled} ?required=${this.required} .checked=${live(this.checked)}
          @change=${this.#changed}>
        <span><slot @slotchange=${() => this.requestUpdate()}></slot></span>
      </label>
      ${this.sentence}`;
  }

  #changed(event) {
    this.checked = event.target.checked;
    this.announce();
  }
}
