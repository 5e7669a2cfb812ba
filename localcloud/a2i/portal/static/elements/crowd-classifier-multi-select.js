// <crowd-classifier-multi-select>: all the labels that apply, or the one that says that none does.

import { exclusionOf } from "./categories.js";
import { ChoiceElement } from "./choice-element.js";

export class CrowdClassifierMultiSelect extends ChoiceElement {
  static several = true;
  static properties = { exclusionCategory: { attribute: "exclusion-category" } };

  willUpdate(changed) {
    super.willUpdate(changed);
    if (this.hasUpdated && !changed.has("exclusionCategory") && !changed.has("categories")) return;
    this.exclusion = this.readExclusion();
    this.categoryList = this.choices.filter((choice) => choice !== this.exclusion);
    if (this.exclusion !== undefined) this.choices = [...this.categoryList, this.exclusion];
  }

  /** The choice that excludes all others; undefined when there is none. */
  readExclusion() {
    return this.read("exclusion-category", exclusionOf);
  }

  suggestions() {
    const suggested = this.initialValue?.trim() ? this.readList("initial-value") : [];
    return this.choices.filter((choice) => suggested.includes(choice));
  }

  get refusal() {
    return super.refusal && "Choose at least one of the answers first.";
  }

  get answer() {
    if (this.chosen.length === 0) return undefined;
    return { labels: this.categoryList.filter((category) => this.chosen.includes(category)) };
  }

  choose(choice, checked) {
    super.choose(choice, checked);
    if (!checked) return;
    const excluding = choice === this.exclusion;
    this.chosen = this.chosen.filter((each) => (each === this.exclusion) === excluding);
  }
}
