// What opens over the page and closes again: instructions, and whatever a modal holds.

import { LitElement, css, html, nothing } from "../../vendor/lit.js";

/** An element whose content is in a dialog, which a link or a button opens. */
export class DialogElement extends LitElement {
  static properties = {
    header: {},
    linkText: { attribute: "link-text" },
    linkType: { attribute: "link-type" },
  };
  static styles = css`
    :host { display: inline-block; }
    :host([hidden]) { display: none; }
    * { box-sizing: border-box; }
    button { font: inherit; cursor: pointer; }
    .link {
      padding: 0.2rem 0; border: 0; background: none; color: var(--accent-strong);
      text-decoration: underline; text-underline-offset: 0.2em;
    }
    .button {
      min-height: 2.6rem; padding: 0.45rem 1.15rem; border: 1px solid var(--line);
      border-radius: var(--radius); background: var(--surface); color: var(--text);
      font-weight: 550;
    }
    .button:hover { border-color: var(--muted); }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; border-radius: 4px; }
    dialog {
      width: min(44rem, calc(100vw - 2rem)); max-height: min(80vh, 50rem); padding: 0;
      border: 1px solid var(--line); border-radius: calc(var(--radius) + 4px);
      background: var(--surface); color: var(--text); font: 1.05rem/1.6 var(--sans);
      text-align: start; box-shadow: 0 1.5rem 4rem rgb(0 0 0 / 0.25);
    }
    dialog::backdrop { background: rgb(10 12 14 / 0.5); }
    .header {
      position: sticky; top: 0; z-index: 1; display: flex; align-items: baseline; gap: 1rem;
      padding: 1.1rem 1.5rem 0.9rem; border-bottom: 1px solid var(--line);
      background: var(--surface);
    }
    h2 { flex: 1; margin: 0; font-size: 1.25rem; line-height: 1.35; }
    .content { padding: 0.75rem 1.5rem 1.5rem; overflow-wrap: anywhere; }
  `;

  constructor() {
    super();
    this.linkText = "Open";
    this.linkType = "link";
  }

  get isOpen() {
    return this.#dialog?.open ?? false;
  }

  open() {
    if (!this.isOpen) this.#dialog?.showModal();
  }

  close() {
    this.#dialog?.close();
  }

  /** Show what is inside, since something there wants to be seen. */
  reveal() {
    this.open();
  }

  content() {
    return html`<slot></slot>`;
  }

  render() {
    const kind = this.linkType === "button" ? "button" : "link";
    return html`
      <button type="button" class=${kind} aria-haspopup="dialog" @click=${this.open}>${
        this.linkText}</button>
      <dialog aria-labelledby="heading" @click=${this.#clicked}>
        <div class="header">
          <h2 id="heading">${this.header || this.linkText || nothing}</h2>
          <button type="button" class="link" @click=${this.close}>Close</button>
        </div>
        <div class="content">${this.content()}</div>
      </dialog>`;
  }

  get #dialog() {
    return this.renderRoot?.querySelector("dialog");
  }

  #clicked(event) {
    // The dialog's own box is covered by its content: what is left to click is the backdrop.
    if (event.target === this.#dialog) this.close();
  }
}
