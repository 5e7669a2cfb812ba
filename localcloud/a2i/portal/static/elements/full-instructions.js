// <full-instructions>: everything there is to know, in a dialog that a button or "?" opens.

import { isPlain, isTyping } from "./keys.js";
import { hearPortal } from "./portal-link.js";
import { sheet } from "./sheet.js";

const style = sheet(`
  :host { display: inline-block; }
  :host([hidden]), :host(:not([filled])) { display: none; }
  button {
    padding: 0; border: 0; background: none; color: var(--accent-strong);
    font: inherit; text-decoration: underline; text-underline-offset: 0.2em; cursor: pointer;
  }
  :focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; border-radius: 4px; }
  dialog {
    width: min(44rem, calc(100vw - 2rem)); max-height: min(80vh, 50rem); padding: 0;
    border: 1px solid var(--line); border-radius: calc(var(--radius) + 4px);
    background: var(--surface); color: var(--text); font: 1.05rem/1.6 var(--sans);
    box-shadow: 0 1.5rem 4rem rgb(0 0 0 / 0.25);
  }
  dialog::backdrop { background: rgb(10 12 14 / 0.5); }
  header {
    position: sticky; top: 0; display: flex; align-items: baseline; gap: 1rem;
    padding: 1.1rem 1.5rem 0.9rem; border-bottom: 1px solid var(--line);
    background: var(--surface);
  }
  .close { padding: 0.2rem 0.4rem; }
  h2 { flex: 1; margin: 0; font-size: 1.25rem; line-height: 1.35; }
  .content { padding: 0.75rem 1.5rem 1.5rem; overflow-wrap: anywhere; }
`);

const markup = `
  <button type="button" class="open" aria-haspopup="dialog">Full instructions</button>
  <dialog aria-labelledby="heading">
    <header><h2 id="heading"></h2><button type="button" class="close">Close</button></header>
    <div class="content"><slot></slot></div>
  </dialog>
`;

export class FullInstructions extends HTMLElement {
  #dialog;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style];
    root.innerHTML = markup;
    this.#dialog = root.querySelector("dialog");
    root.querySelector("h2").textContent = this.getAttribute("header") || "Instructions";
    root.querySelector(".open").addEventListener("click", () => this.open());
    root.querySelector(".close").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("click", (event) => {
      // The dialog's own box is covered by its content: what is left to click is the backdrop.
      if (event.target === this.#dialog) this.#dialog.close();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "?" && isPlain(event) && !isTyping(event)) this.open();
    });
    hearPortal("portal:instructions", () => this.open());
  }

  connectedCallback() {
    this.toggleAttribute("filled", this.filled);
  }

  get filled() {
    return this.textContent.trim() !== "" || this.childElementCount > 0;
  }

  get isOpen() {
    return this.#dialog.open;
  }

  open() {
    if (this.filled && !this.isOpen) this.#dialog.showModal();
  }
}
