// <crowd-modal>: a window over the page, which a link or a button opens.

import { DialogElement } from "./dialog-element.js";

export class CrowdModal extends DialogElement {
  constructor() {
    super();
    this.linkText = "Click to open modal";
  }
}
