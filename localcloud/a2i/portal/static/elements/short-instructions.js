// <short-instructions>: a few words that stay in view.

import { sheet } from "./sheet.js";

const style = sheet(`
  :host { display: block; color: var(--muted); }
  :host([hidden]) { display: none; }
  h2 { margin: 0 0 0.25rem; color: var(--text); font-size: 1rem; }
  ::slotted(:first-child) { margin-top: 0; }
  ::slotted(:last-child) { margin-bottom: 0; }
`);

export class ShortInstructions extends HTMLElement {
  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style];
    if (this.hasAttribute("header")) {
      const heading = document.createElement("h2");
      heading.textContent = this.getAttribute("header");
      root.append(heading);
    }
    root.append(document.createElement("slot"));
  }
}
