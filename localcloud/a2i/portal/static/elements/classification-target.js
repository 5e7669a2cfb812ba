// <classification-target>: what is to be judged, in the largest type on the page.

import { sheet } from "./sheet.js";

const style = sheet(`
  :host { display: block; }
  :host([hidden]) { display: none; }
  .target {
    max-height: 46vh; overflow: auto;
    padding: clamp(1.1rem, 3.5vw, 2rem) clamp(1.1rem, 4vw, 2.25rem);
    border: 1px solid var(--line); border-radius: calc(var(--radius) + 4px);
    background: var(--surface);
    font-size: clamp(1.2rem, 1rem + 1.1vw, 1.6rem); line-height: 1.5;
    overflow-wrap: anywhere;
  }
  :host([long]) .target { font-size: 1.125rem; line-height: 1.6; }
`);

// More than this is read, not glanced at: smaller type then, and more of it in view.
const LONG = 320;

export class ClassificationTarget extends HTMLElement {
  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style];
    const target = document.createElement("div");
    target.className = "target";
    target.append(document.createElement("slot"));
    root.append(target);
  }

  connectedCallback() {
    this.toggleAttribute("long", this.textContent.trim().length > LONG);
  }
}
