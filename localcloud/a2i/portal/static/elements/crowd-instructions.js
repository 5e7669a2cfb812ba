// <crowd-instructions>: a summary, details and examples on tabs, in a dialog.

import { DialogElement } from "./dialog-element.js";
import { tabList, tabListStyle } from "./tab-list.js";
import { css, html, nothing } from "../../vendor/lit.js";

const REGIONS = {
  "short-summary": "Summary",
  "detailed-instructions": "Detailed Instructions",
  "positive-example": "Examples",
  "negative-example": "Examples",
};

export class CrowdInstructions extends DialogElement {
  static properties = { selected: { state: true } };
  static styles = [DialogElement.styles, tabListStyle, css`
    [role="tabpanel"] { padding-top: 0.5rem; }
    h3 { margin: 1.25rem 0 0.25rem; font-size: 1.05rem; }
    .good, .bad { padding-left: 1rem; border-left: 4px solid var(--accent); }
    .bad { margin-top: 1.5rem; border-color: var(--warning); }
    .good h3 { color: var(--accent-strong); }
    .bad h3 { color: var(--warning); }
    ::slotted(*) { display: block; }
  `];

  constructor() {
    super();
    this.header = "Instructions";
    this.linkText = "Click for instructions";
    this.selected = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    for (const each of this.children) {
      if (each.localName in REGIONS) each.slot = each.localName;
    }
  }

  get filled() {
    return this.#titles.length > 0;
  }

  get #titles() {
    const filled = Object.entries(REGIONS).filter(([region]) => this.#has(region));
    return [...new Set(filled.map(([, title]) => title))];
  }

  #has(region) {
    return this.querySelector(`:scope > ${region}`) !== null;
  }

  content() {
    const titles = this.#titles;
    if (titles.length === 0) return super.content();
    const selected = Math.min(this.selected, titles.length - 1);
    return html`
      ${tabList(titles, selected, (index) => { this.selected = index; })}
      <div role="tabpanel" aria-labelledby="tab-${selected}" tabindex="0">
        ${this.#panel(titles[selected])}
      </div>
      <slot></slot>`;
  }

  #panel(title) {
    if (title !== "Examples") {
      const region = Object.keys(REGIONS).find((each) => REGIONS[each] === title);
      return html`<slot name=${region}></slot>`;
    }
    return html`
      ${this.#example("positive-example", "good", "✓ Good example")}
      ${this.#example("negative-example", "bad", "✗ Bad example")}`;
  }

  #example(region, kind, heading) {
    if (!this.#has(region)) return nothing;
    return html`<div class=${kind}><h3>${heading}</h3><slot name=${region}></slot></div>`;
  }
}
