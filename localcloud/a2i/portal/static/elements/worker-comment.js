// <worker-comment>: why a worker chose as they did, in a dialog of its own.

import { DialogElement } from "./dialog-element.js";
import { css, html, live, nothing } from "../../vendor/lit.js";

/** The comment inside an element, as its answer has it; a comment that is empty is left out. */
export function commentOf(element) {
  const comment = commentElement(element)?.comment.trim();
  return comment ? { workerComment: comment } : {};
}

/** Have the comment inside an element shown in its slot `comment`. */
export function slotComment(element) {
  const comment = commentElement(element);
  if (comment) comment.slot = "comment";
}

/** Have the comment inside an element empty again. */
export function emptyComment(element) {
  commentElement(element)?.empty();
}

const commentElement = (element) => element.querySelector(":scope > worker-comment");

export class WorkerComment extends DialogElement {
  static properties = {
    placeholder: {},
    comment: { state: true },
  };
  static styles = [DialogElement.styles, css`
    :host { display: block; margin-top: 0.9rem; }
    .written { margin: 0.2rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
    textarea {
      width: 100%; min-height: 7rem; margin-top: 0.75rem; padding: 0.5rem 0.75rem;
      border: 1px solid var(--muted); border-radius: var(--radius); background: var(--surface);
      color: var(--text); font: inherit; field-sizing: content;
    }
    ::placeholder { color: var(--muted); opacity: 1; }
    .done { margin-top: 0.6rem; }
  `];

  constructor() {
    super();
    this.linkText = "Add a comment.";
    this.header = "Add a comment.";
    this.comment = "";
  }

  empty() {
    this.comment = "";
  }

  content() {
    return html`
      <slot></slot>
      <textarea autofocus aria-labelledby="heading" placeholder=${this.placeholder ?? nothing}
        .value=${live(this.comment)} @input=${this.#typed}></textarea>
      <button type="button" class="button done" @click=${this.close}>Done</button>`;
  }

  render() {
    return html`
      ${super.render()}
      ${this.comment.trim() ? html`<p class="written">${this.comment}</p>` : nothing}
    `;
  }

  #typed(event) {
    this.comment = event.target.value;
  }
}
