// <crowd-alert>: something a worker should know.

import { LitElement, css, html, nothing } from "../../vendor/lit.js";

const ICONS = { info: "info", success: "check-circle", warning: "warning", error: "error" };

export class CrowdAlert extends LitElement {
  static properties = { dismissible: { type: Boolean }, type: { reflect: true } };
  static styles = css`
    :host {
      --tone: var(--focus);
      display: flex; align-items: flex-start; gap: 0.75rem; margin: 1rem 0;
      padding: 0.75rem 1rem; border: 1px solid var(--line); border-left: 4px solid var(--tone);
      border-radius: var(--radius); background: var(--surface);
    }
    :host([hidden]) { display: none; }
    :host([type="success"]) { --tone: var(--accent); }
    :host([type="warning"]) { --tone: var(--warning); background: var(--warning-soft); }
    :host([type="error"]) { --tone: var(--alarm); background: var(--alarm-soft); }
    iron-icon { flex: none; color: var(--tone); }
    .text { flex: 1; min-width: 0; align-self: center; }
    ::slotted(:first-child) { margin-top: 0; }
    ::slotted(:last-child) { margin-bottom: 0; }
    button {
      flex: none; display: grid; place-items: center; width: 2rem; height: 2rem; padding: 0;
      border: 0; border-radius: 50%; background: none; color: inherit; font: inherit;
      cursor: pointer;
    }
    button:hover { background: var(--accent-soft); }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
  `;

  constructor() {
    super();
    this.type = "info";
  }

  get kind() {
    return this.type in ICONS ? this.type : "info";
  }

  updated() {
    this.role = ["error", "warning"].includes(this.kind) ? "alert" : "status";
  }

  render() {
    return html`
      <iron-icon aria-hidden="true" icon=${ICONS[this.kind]}></iron-icon>
      <div class="text"><slot></slot></div>
      ${this.dismissible ? this.#dismissal() : nothing}`;
  }

  #dismissal() {
    return html`<button type="button" aria-label="Dismiss" @click=${this.#dismiss}>
      <iron-icon aria-hidden="true" icon="close"></iron-icon></button>`;
  }

  // Whoever goes by keys goes on from where this was.
  #dismiss() {
    const place = Object.assign(document.createElement("span"), { tabIndex: -1 });
    place.style.outline = "none";
    place.addEventListener("blur", () => place.remove());
    this.replaceWith(place);
    place.focus({ preventScroll: true });
  }
}
