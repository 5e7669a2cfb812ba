// <crowd-classifier>: one label out of several for what is shown.

import { ChoiceElement } from "./choice-element.js";

export class CrowdClassifier extends ChoiceElement {
  get answer() {
    const [label] = this.chosen;
    return label === undefined ? undefined : { label };
  }

  get value() {
    return this.chosen[0];
  }
}
