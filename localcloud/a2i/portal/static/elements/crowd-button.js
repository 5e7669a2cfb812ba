// <crowd-button>: a button that submits or resets its form, or opens a link.

import { sheet } from "./sheet.js";

const style = sheet(`
  :host { display: inline-block; }
  :host([hidden]) { display: none; }
  button {
    min-height: 3rem; min-width: 11rem; padding: 0.5rem 1.5rem;
    border: 1px solid var(--line); border-radius: var(--radius);
    background: var(--surface); color: var(--text);
    font: 600 1.05rem/1.3 var(--sans); cursor: pointer;
  }
  button:hover { border-color: var(--muted); }
  :host([variant="primary"]) button {
    border-color: var(--accent); background: var(--accent); color: var(--on-accent);
  }
  :host([variant="primary"]) button:hover {
    border-color: var(--accent-strong); background: var(--accent-strong);
  }
  :host([variant="link"]) button {
    min-width: 0; border-color: transparent; background: none;
    color: var(--accent-strong); text-decoration: underline;
  }
  button:disabled { opacity: 0.6; cursor: default; }
  button:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
`);

export class CrowdButton extends HTMLElement {
  static formAssociated = true;
  static observedAttributes = ["disabled", "loading"];
  #internals = this.attachInternals();
  #button = document.createElement("button");

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [style];
    this.#button.type = "button";
    this.#button.append(document.createElement("slot"));
    root.append(this.#button);
    this.#button.addEventListener("click", () => this.#pressed());
  }

  attributeChangedCallback() {
    this.#button.disabled = this.hasAttribute("disabled") || this.hasAttribute("loading");
  }

  formDisabledCallback(disabled) {
    this.#button.disabled = disabled;
  }

  #pressed() {
    const { form } = this.#internals;
    const href = this.getAttribute("href");
    switch (this.getAttribute("form-action") ?? this.getAttribute("type")) {
      case "submit":
        form?.requestSubmit();
        break;
      case "reset":
        form?.reset();
        break;
      default:
        if (href) window.open(href, this.getAttribute("target") ?? "_blank", "noopener");
    }
  }
}
