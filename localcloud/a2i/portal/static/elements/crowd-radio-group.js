// <crowd-radio-group>: radio buttons, of which one can be chosen.

import { LitElement, css, html } from "../../vendor/lit.js";

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export class CrowdRadioGroup extends LitElement {
  static styles = css`
    :host { display: flex; flex-wrap: wrap; gap: 0.1rem 1.5rem; }
    :host([hidden]) { display: none; }
  `;

  constructor() {
    super();
    this.addEventListener("keydown", (event) => this.#step(event));
  }

  connectedCallback() {
    super.connectedCallback();
    this.role ??= "radiogroup";
  }

  get buttons() {
    return [...this.querySelectorAll("crowd-radio-button")];
  }

  /** Leave this button the only one that is chosen. */
  choose(button) {
    for (const each of this.buttons) each.checked = each === button;
  }

  /** Have one button take the focus for all, as in a group of HTML's own. */
  arrange() {
    const enabled = this.buttons.filter((each) => !each.isDisabled);
    const stop = enabled.find((each) => each.checked) ?? enabled[0];
    for (const each of this.buttons) each.tabStop = each === stop;
  }

  render() {
    return html`<slot @slotchange=${this.arrange}></slot>`;
  }

  #step(event) {
    const enabled = this.buttons.filter((each) => !each.isDisabled);
    const at = enabled.indexOf(event.target);
    if (!(event.key in STEPS) || at < 0) return;
    event.preventDefault();
    const next = enabled.at((at + STEPS[event.key]) % enabled.length);
    next.checked = true;
    next.focus();
    next.announce();
  }
}
