// <short-instructions>: a few words that stay in view.

import { LitElement, css, html, nothing } from "../../vendor/lit.js";

// More than this would push what is judged out of view.
const TALLEST = 180;

export class ShortInstructions extends LitElement {
  static properties = {
    header: {},
    isTall: { state: true },
    isOpen: { state: true },
  };
  static styles = css`
    :host { display: block; position: relative; color: var(--muted); }
    :host([hidden]) { display: none; }
    h2 { margin: 0 0 0.25rem; color: var(--text); font-size: 1rem; }
    .folded { max-height: 7rem; overflow: hidden; mask-image: linear-gradient(#000 55%, transparent); }
    button {
      padding: 0.2rem 0; border: 0; background: none; color: var(--accent-strong); font: inherit;
      text-decoration: underline; text-underline-offset: 0.2em; cursor: pointer;
    }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; border-radius: 4px; }
    ::slotted(:first-child) { margin-top: 0; }
    ::slotted(:last-child) { margin-bottom: 0; }
  `;

  #observer = new ResizeObserver(([{ contentRect }]) => {
    this.isTall = contentRect.height > TALLEST;
  });

  firstUpdated() {
    this.#observer.observe(this.renderRoot.querySelector(".all"));
  }

  render() {
    const isFolded = this.isTall && !this.isOpen;
    return html`
      ${this.header ? html`<h2>${this.header}</h2>` : nothing}
      <div class=${isFolded ? "folded" : ""}><div class="all"><slot></slot></div></div>
      ${this.isTall ? html`
        <button type="button" aria-expanded=${String(!isFolded)} @click=${this.#toggle}>${
          isFolded ? "Show all" : "Show less"}</button>` : nothing}`;
  }

  #toggle() {
    this.isOpen = !this.isOpen;
  }
}
