// <crowd-rekognition-detect-moderation-labels>: which of the labels that Amazon Rekognition found
// apply to an image.

import { CrowdClassifierMultiSelect } from "./crowd-classifier-multi-select.js";
import { literalOf } from "./literal.js";
import { OfImage } from "./task-image.js";
import { css, html, nothing } from "../../vendor/lit.js";

const NAME = "AWS/Rekognition/DetectModerationLabels/Image/V3";
// What the stock instructions call the button that the stock template does not name.
const NONE = "None";

export class CrowdRekognitionDetectModerationLabels extends OfImage(CrowdClassifierMultiSelect) {
  static styles = [super.styles, css`
    .parent { color: var(--muted); font-size: 0.85rem; line-height: 1.3; }
  `];

  #labels = new Map();

  // The service reads the answer under this key, whatever a template says.
  get name() {
    return NAME;
  }

  set name(_) {}

  get answer() {
    if (this.chosen.length === 0) return undefined;
    return { moderationLabels: super.answer.labels.map((name) => this.#labels.get(name)) };
  }

  /** The categories, which are names or objects with a name, by their names. */
  readList(attribute) {
    if (attribute !== "categories") return super.readList(attribute);
    const labels = this.read(attribute, labelsOf, []);
    this.#labels = new Map(labels.map((label) => [label.name ?? label, label]));
    return [...this.#labels.keys()];
  }

  readExclusion() {
    return super.readExclusion() ?? NONE;
  }

  isBarred(choice) {
    const isExcluded = this.chosen.includes(this.exclusion) && choice !== this.exclusion;
    return super.isBarred(choice) || isExcluded;
  }

  note(choice) {
    const parent = this.#labels.get(choice)?.parentName;
    return parent ? html`<span class="parent">${parent}</span>` : nothing;
  }
}

function labelsOf(text) {
  const labels = literalOf(text);
  if (!Array.isArray(labels)) throw new SyntaxError(`not a list: ${text}`);
  const wrong = labels.find((label) => typeof (label?.name ?? label) !== "string");
  if (wrong === undefined) return labels;
  throw new SyntaxError(`each must be a string, or have a "name": ${JSON.stringify(wrong)}`);
}
