// <crowd-instance-segmentation>: which pixels of an image are of which object.

import { MaskElement } from "./drawing/mask-element.js";
import { colourOf } from "./drawing/palette.js";

const VALUES = Array.from({ length: 255 }, (_, index) => index + 1);

export class CrowdInstanceSegmentation extends MaskElement {
  get answer() {
    return {
      inputImageProperties: this.imageSize,
      instances: this.items.map(({ colour, label }) => ({ color: colour, label })),
      labeledImage: this.labeledImage,
    };
  }

  get help() {
    return `A label begins a new object, the list of what is drawn goes on with one. ${super.help}`;
  }

  /** The selected object, or a new one. */
  get target() {
    const { segments } = this.state;
    const selected = this.items[this.selected];
    if (selected) return segments.find(({ value }) => value === selected.value);
    const free = VALUES.find((value) => segments.every((each) => each.value !== value));
    return free && { value: free, label: this.choices[this.label], colour: colourOf(free - 1) };
  }

  get full() {
    return `There are ${VALUES.length} objects already: no more can be told apart.`;
  }

  painted(value) {
    const index = this.items.findIndex((item) => item.value === value);
    if (index >= 0) this.selected = index;
  }

  kept(segments, value) {
    return segments.filter((segment) => segment.value !== value);
  }

  relabel(item, label) {
    const { value } = this.items[item];
    const segments = this.state.segments.map((each) =>
      (each.value === value ? { ...each, label } : each));
    this.commit({ ...this.state, segments }, `Now ${label}.`);
  }

  // Colours are of the objects, not of their labels.
  chosenColours() {
    return [];
  }

  labelText(label) {
    return `New ${label}`;
  }

  chooseLabel(index) {
    this.label = index;
    this.selected = undefined;
    this.said = `${this.tool}: a new ${this.choices[index]}.`;
  }
}
