// <crowd-card>: a box that stands out, with a heading and an image.

import { LitElement, css, html, nothing } from "../../vendor/lit.js";

export class CrowdCard extends LitElement {
  static properties = { heading: {}, image: {} };
  static styles = css`
    :host {
      display: inline-block; box-sizing: border-box; max-width: 100%; overflow: hidden;
      border: 1px solid var(--line); border-radius: calc(var(--radius) + 4px);
      background: var(--surface); box-shadow: 0 1px 3px rgb(0 0 0 / 0.12), 0 6px 18px rgb(0 0 0 / 0.08);
    }
    :host([hidden]) { display: none; }
    img { display: block; width: 100%; }
    h2 { margin: 0; padding: 0.9rem 1.1rem 0; font-size: 1.2rem; line-height: 1.35; }
  `;

  render() {
    return html`
      ${this.image ? html`<img src=${this.image} alt="">` : nothing}
      ${this.heading ? html`<h2>${this.heading}</h2>` : nothing}
      <slot></slot>`;
  }
}
