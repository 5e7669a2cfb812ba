// What the elements that choose among categories have in common: one label out of several, or some.

import { CrowdElement } from "./crowd-element.js";
import { heading, headingStyles, slotInstructions } from "./heading.js";
import { takeNumberKeys } from "./number-keys.js";
import { css, html, live, nothing } from "../../vendor/lit.js";

/**
 * An element that shows something and asks for one of its categories, or for some of them.
 *
 * A subclass says by `static several` whether more than one may be chosen, and draws what is judged
 * in `target()`. Without that, it is the element's own content.
 */
export class ChoiceElement extends CrowdElement {
  static several = false;
  static properties = {
    categories: { noAccessor: true },
    header: {},
    initialValue: { attribute: "initial-value" },
    choices: { state: true },
    chosen: { state: true },
  };
  static styles = [CrowdElement.styles, headingStyles, css`
    .target { margin: 1.4rem 0; }
    fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
    .choices {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.75rem;
    }
    label {
      position: relative; display: flex; flex-direction: column; align-items: center;
      justify-content: center; gap: 0.3rem; min-height: 6.25rem; padding: 1.75rem 0.9rem 1.25rem;
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
    label:has(:disabled) { opacity: 0.6; cursor: default; }
    input {
      position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0;
      cursor: inherit;
    }
    .label { font-size: 1.35rem; font-weight: 600; line-height: 1.25; overflow-wrap: anywhere; }
    kbd {
      position: absolute; top: 0.55rem; left: 0.6rem; min-width: 1.4rem; padding: 0 0.3rem;
      border: 1px solid var(--line); border-radius: 5px; background: var(--ground);
      color: var(--muted); font: 0.8rem/1.45 var(--sans); text-align: center;
    }
    .suggestion { color: var(--accent-strong); font-size: 0.85rem; font-weight: 550; }
    .error { margin-top: 0.75rem; }
    @media (max-width: 34rem) {
      .target { margin: 1rem 0; }
      .choices { grid-template-columns: 1fr; gap: 0.5rem; }
      label { min-height: 3.4rem; padding: 0.45rem 3rem; }
      label:has(:checked)::after { top: 50%; translate: 0 -50%; }
      kbd { top: 50%; translate: 0 -50%; }
    }
  `];

  constructor() {
    super();
    this.choices = [];
    this.suggested = [];
    this.chosen = [];
    takeNumberKeys(this, (index) => this.#press(index));
  }

  connectedCallback() {
    super.connectedCallback();
    slotInstructions(this);
  }

  get categories() {
    return this.readList("categories");
  }

  set categories(given) {
    this.giveList("categories", given);
  }

  willUpdate(changed) {
    if (this.hasUpdated && !["categories", "initialValue"].some((each) => changed.has(each))) return;
    this.choices = this.readList("categories");
    this.suggested = this.suggestions();
    this.chosen = this.suggested;
  }

  /** What the model suggests, of the choices there are. */
  suggestions() {
    const suggested = this.initialValue?.trim();
    return this.choices.filter((choice) => choice === suggested);
  }

  get refusal() {
    return this.chosen.length === 0 && !this.isDisabled ? "Choose one of the answers first." : "";
  }

  formResetCallback() {
    this.chosen = this.suggested;
  }

  target() {
    return html`<slot></slot>`;
  }

  render() {
    const role = this.constructor.several ? "group" : "radiogroup";
    return html`
      ${heading(this.header)}
      <div class="target">${this.target()}</div>
      <fieldset role=${role} aria-labelledby=${this.header ? "header" : nothing}
        aria-label=${this.header ? nothing : this.spokenName} aria-describedby="error">
        <div class="choices">${this.choices.map((each, index) => this.choice(each, index))}</div>
      </fieldset>
      ${this.sentence}`;
  }

  choice(choice, index) {
    const key = index < 9 ? String(index + 1) : nothing;
    return html`
      <label>
        <input type=${this.constructor.several ? "checkbox" : "radio"} name="choice" value=${choice}
          aria-keyshortcuts=${key} ?disabled=${this.isBarred(choice)}
          .checked=${live(this.chosen.includes(choice))} @change=${this.#changed}>
        <span class="label">${choice}</span>
        ${key === nothing ? nothing : html`<kbd aria-hidden="true">${key}</kbd>`}
        ${this.note(choice)}
        ${this.suggested.includes(choice)
          ? html`<span class="suggestion">Suggested by the model</span>` : nothing}
      </label>`;
  }

  /** What is said below a choice. */
  note() {
    return nothing;
  }

  /** Whether a choice cannot be made as things are. */
  isBarred() {
    return this.isDisabled;
  }

  /** Take notice that a choice was made, or unmade. */
  choose(choice, checked) {
    const others = this.constructor.several ? this.chosen.filter((each) => each !== choice) : [];
    this.chosen = checked ? [...others, choice] : others;
  }

  #changed(event) {
    this.choose(event.target.value, event.target.checked);
    this.announce();
  }

  #press(index) {
    const input = this.renderRoot.querySelectorAll("input")[index];
    if (!input || input.disabled) return false;
    input.focus();
    input.click();
    return true;
  }
}
