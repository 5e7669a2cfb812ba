// <crowd-radio-button>: one of several in a crowd-radio-group.

import { Checkable } from "./checkable.js";

export class CrowdRadioButton extends Checkable {
  static properties = { tabStop: { state: true } };

  get type() {
    return "radio";
  }

  get group() {
    return this.closest("crowd-radio-group");
  }

  willUpdate(changed) {
    if (changed.has("checked") && this.checked) this.group?.choose(this);
  }

  updated() {
    super.updated();
    this.group?.arrange();
  }
}
