// <crowd-semantic-segmentation>: which label each part of an image has.

import JSON5 from "../../vendor/json5.js";
import { MaskElement } from "./drawing/mask-element.js";
import { maskOf } from "./drawing/mask-image.js";
import { colourOf, hexOf } from "./drawing/palette.js";
import { loadPicture, PictureError } from "./drawing/picture.js";

const NONE = { colours: new Map() };

export class CrowdSemanticSegmentation extends MaskElement {
  #given = undefined;

  get segments() {
    return this.choices.map((label, index) => ({
      value: index + 1, label, colour: this.colours[index], isFixed: true,
    }));
  }

  get answer() {
    const { mask } = this.state;
    return {
      inputImageProperties: this.imageSize,
      labelMappings: Object.fromEntries(
        this.segments.map(({ label, colour }) => [label, { color: colour }]),
      ),
      labeledImage: this.labeledImage,
      ...(this.#given && { initialValueModified: !mask.equals(this.#given) }),
    };
  }

  async begun(picture) {
    const state = { ...super.begun(picture), segments: this.segments };
    const { src } = this.#suggestion;
    this.#given = src && (await this.#maskAt(src));
    return this.#given ? { ...state, mask: this.#given } : state;
  }

  get target() {
    return this.segments[this.label];
  }

  chooseLabel(index) {
    this.label = index;
    this.said = `${this.tool}: ${this.choices[index]}.`;
  }

  select(index) {
    super.select(index);
    if (index !== undefined) this.label = this.items[index].value - 1;
  }

  /** The colours that were given for labels, and for the others ones that are not taken. */
  chosenColours() {
    const { colours } = this.#suggestion;
    const given = this.choices.map((label) => colours.get(label));
    const taken = new Set(given.filter(Boolean).map((colour) => colour.toLowerCase()));
    let next = 0;
    return given.map((colour) => {
      if (colour) return colour;
      while (taken.has(colourOf(next))) next += 1;
      next += 1;
      return colourOf(next - 1);
    });
  }

  get #suggestion() {
    return this.read("initial-value", (text) => (text.trim() ? suggestionOf(text) : NONE), NONE);
  }

  async #maskAt(src) {
    const picture = await loadPicture(src, "The mask to begin with");
    const [given, wanted] = [sizeOf(picture), sizeOf(this.picture)];
    if (given !== wanted) {
      throw new PictureError(`The mask to begin with has ${given} pixels, the image ${wanted}. `
        + "Tell whoever made the task.");
    }
    return maskOf(picture, [undefined, ...this.colours]);
  }
}

const sizeOf = ({ height, width }) => `${width} × ${height}`;

function suggestionOf(text) {
  const { labelMappings, src } = JSON5.parse(text) ?? {};
  if (typeof src !== "string") throw new SyntaxError("it has no src");
  const colours = new Map(Object.entries(labelMappings ?? {}).map(([label, mapping]) => {
    const colour = hexOf(mapping?.color);
    if (colour) return [label, colour];
    throw new SyntaxError(`the colour of ${label} is ${mapping?.color}, not like #1f77b4`);
  }));
  return { colours, src };
}
