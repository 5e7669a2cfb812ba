// <crowd-image-classifier>: one label out of several for an image, or for what was found on it.

import { ChoiceElement } from "./choice-element.js";
import { legend, overlaid, overlayOf, overlayStyles } from "./overlay.js";
import { OfImage } from "./task-image.js";
import { commentOf, emptyComment, slotComment } from "./worker-comment.js";
import { html, nothing } from "../../vendor/lit.js";

export class CrowdImageClassifier extends OfImage(ChoiceElement) {
  static properties = {
    overlayValue: { attribute: "overlay" },
    showsOverlay: { state: true },
  };
  static styles = [super.styles, overlayStyles];

  #overlay = undefined;

  constructor() {
    super();
    this.showsOverlay = true;
  }

  connectedCallback() {
    super.connectedCallback();
    slotComment(this);
  }

  willUpdate(changed) {
    super.willUpdate(changed);
    if (changed.has("overlayValue")) this.#overlay = this.read("overlay", overlayOf);
  }

  get answer() {
    const [label] = this.chosen;
    return label === undefined ? undefined : { label, ...commentOf(this) };
  }

  formResetCallback() {
    super.formResetCallback();
    emptyComment(this);
  }

  overlay(size) {
    return this.#overlay && this.showsOverlay ? overlaid(this.#overlay, size) : nothing;
  }

  caption() {
    if (!this.#overlay) return nothing;
    return html`
      <button type="button" class="toggle" @click=${this.#toggle}>
        ${this.showsOverlay ? "Hide what was found" : "Show what was found"}
      </button>
      ${legend(this.#overlay)}`;
  }

  render() {
    return html`${super.render()}<slot name="comment" @input=${this.announce}></slot>`;
  }

  #toggle() {
    this.showsOverlay = !this.showsOverlay;
  }
}
