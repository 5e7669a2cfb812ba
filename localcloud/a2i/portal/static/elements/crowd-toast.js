// <crowd-toast>: a word in passing, at the foot of the page.

import { LitElement, css, html } from "../../vendor/lit.js";

export class CrowdToast extends LitElement {
  static properties = {
    duration: { type: Number },
    opened: { type: Boolean, reflect: true },
    text: {},
  };
  static styles = css`
    :host {
      position: fixed; left: 1rem; bottom: 1rem; z-index: 10; box-sizing: border-box;
      max-width: min(30rem, calc(100vw - 2rem)); padding: 0.9rem 1.25rem;
      border-radius: var(--radius); background: var(--text); color: var(--ground);
      box-shadow: 0 4px 18px rgb(0 0 0 / 0.3);
    }
    @media (max-width: 48rem) { :host { bottom: 7.5rem; } }
    :host(:not([opened])), :host([hidden]) { display: none; }
  `;
  #timer;

  constructor() {
    super();
    this.duration = 3000;
  }

  connectedCallback() {
    super.connectedCallback();
    this.role ??= "status";
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  show() {
    this.opened = true;
  }

  open() {
    this.show();
  }

  hide() {
    this.opened = false;
  }

  close() {
    this.hide();
  }

  toggle() {
    this.opened = !this.opened;
  }

  willUpdate(changed) {
    if (!changed.has("opened") && !changed.has("duration")) return;
    clearTimeout(this.#timer);
    if (!this.opened) return;
    for (const each of document.querySelectorAll("crowd-toast")) if (each !== this) each.hide();
    // Without an end to its time it stays until it is closed.
    if (this.duration > 0) this.#timer = setTimeout(() => this.hide(), this.duration);
  }

  render() {
    return html`${this.text}<slot></slot>`;
  }
}
