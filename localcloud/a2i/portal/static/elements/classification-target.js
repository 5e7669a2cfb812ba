// <classification-target>: what is to be judged, in the largest type on the page.

import { LitElement, css, html } from "../../vendor/lit.js";

// More than this is read, not glanced at: smaller type then, and more of it in view.
const LONG = 320;

export class ClassificationTarget extends LitElement {
  static styles = css`
    :host { display: block; }
    :host([hidden]) { display: none; }
    .target {
      box-sizing: border-box; max-height: 46vh; overflow: auto;
      padding: clamp(1.1rem, 3.5vw, 2rem) clamp(1.1rem, 4vw, 2.25rem);
      border: 1px solid var(--line); border-radius: calc(var(--radius) + 4px);
      background: var(--surface);
      font-size: clamp(1.2rem, 1rem + 1.1vw, 1.6rem); line-height: 1.5;
      overflow-wrap: anywhere;
    }
    :host([long]) .target { font-size: 1.125rem; line-height: 1.6; }
    .target:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
  `;

  connectedCallback() {
    super.connectedCallback();
    this.toggleAttribute("long", this.textContent.trim().length > LONG);
  }

  render() {
    return html`<div class="target"><slot></slot></div>`;
  }
}
