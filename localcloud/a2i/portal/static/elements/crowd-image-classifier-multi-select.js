// <crowd-image-classifier-multi-select>: all the labels that apply to an image, or that none does.

import { CrowdClassifierMultiSelect } from "./crowd-classifier-multi-select.js";
import { OfImage } from "./task-image.js";
import { commentOf, emptyComment, slotComment } from "./worker-comment.js";
import { html } from "../../vendor/lit.js";

export class CrowdImageClassifierMultiSelect extends OfImage(CrowdClassifierMultiSelect) {
  connectedCallback() {
    super.connectedCallback();
    slotComment(this);
  }

  get answer() {
    return super.answer && { ...super.answer, ...commentOf(this) };
  }

  formResetCallback() {
    super.formResetCallback();
    emptyComment(this);
  }

  render() {
    return html`${super.render()}<slot name="comment" @input=${this.announce}></slot>`;
  }
}
