// <short-instructions>: a few words that stay in view.

import { LitElement, css, html, nothing } from "../vendor/lit.js";

export class ShortInstructions extends LitElement {
  static properties = { header: {} };
  static styles = css`
    :host { display: block; position: relative; color: var(--muted); }
    :host([hidden]) { display: none; }
    h2 { margin: 0 0 0.25rem; color: var(--text); font-size: 1rem; }
    ::slotted(:first-child) { margin-top: 0; }
    ::slotted(:last-child) { margin-bottom: 0; }
  `;

  render() {
    return html`${this.header ? html`<h2>${this.header}</h2>` : nothing}<slot></slot>`;
  }
}
