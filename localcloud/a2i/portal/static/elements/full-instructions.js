// <full-instructions>: everything there is to know, in a dialog.

import { DialogElement } from "./dialog-element.js";
import { css } from "../../vendor/lit.js";

export class FullInstructions extends DialogElement {
  static styles = [DialogElement.styles, css`:host(:not([filled])) { display: none; }`];

  constructor() {
    super();
    this.header = "Instructions";
    this.linkText = "Full instructions";
  }

  connectedCallback() {
    super.connectedCallback();
    this.toggleAttribute("filled", this.filled);
  }

  get filled() {
    return this.textContent.trim() !== "" || this.childElementCount > 0;
  }
}
