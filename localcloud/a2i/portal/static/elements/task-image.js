// The image that a choice is about, with what was found on it before.

import { css, html, nothing } from "../../vendor/lit.js";

export const MISSING = "The image cannot be loaded. Its link may have expired: open the task again. If it "
  + "fails again, decline the task and tell whoever made it.";

const imageStyles = css`
  .target { margin: 1.1rem 0; }
  figure { margin: 0; }
  .picture {
    display: flex; justify-content: center; padding: 0.75rem; overflow: hidden;
    border: 1px solid var(--line); border-radius: calc(var(--radius) + 4px);
    background: color-mix(in srgb, var(--muted) 14%, var(--ground));
  }
  .layers { position: relative; }
  .layers > img { display: block; max-width: 100%; max-height: 62vh; }
  .missing {
    margin: 0; padding: 1.5rem; border-radius: calc(var(--radius) + 4px);
    background: var(--warning-soft); color: var(--warning);
  }
  figcaption {
    display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 1rem; margin-top: 0.4rem;
    color: var(--muted); font-size: 0.9rem;
  }
  figcaption a { margin-left: auto; color: var(--accent-strong); }
  .choices { grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr)); }
  .choices label { min-height: 3.4rem; padding: 0.5rem 2.6rem; }
  .choices label::after { top: 50% !important; translate: 0 -50%; }
  .choices kbd { top: 50%; translate: 0 -50%; }
  .choices .label { font-size: 1.1rem; }
  @media (min-width: 60rem) {
    :host {
      display: grid; grid-template: auto auto auto auto 1fr / minmax(0, 1fr) 19rem;
      column-gap: 1.75rem;
    }
    h1, .instructions { grid-column: 1 / -1; }
    .target { grid-area: 3 / 1 / 6 / 2; }
    fieldset { margin-top: 1.1rem; }
    .choices { grid-template-columns: 1fr; gap: 0.5rem; }
  }
`;

/** A choice element whose `src` is an image. A subclass may draw over it in `overlay(size)`. */
export const OfImage = (Choice) => class extends Choice {
  static properties = {
    src: {},
    size: { state: true },
    isMissing: { state: true },
  };
  static styles = [Choice.styles, imageStyles];

  connectedCallback() {
    super.connectedCallback();
    this.toggleAttribute("wide", true);
  }

  willUpdate(changed) {
    super.willUpdate(changed);
    if (changed.has("src")) Object.assign(this, { size: undefined, isMissing: !this.src });
  }

  /** What is drawn over an image of a size in pixels, in percent of it. */
  overlay() {
    return nothing;
  }

  /** What is said and set below the image. */
  caption() {
    return nothing;
  }

  target() {
    if (this.isMissing) return html`<p class="missing" role="alert">${MISSING}</p>`;
    return html`
      <figure>
        <div class="picture"><div class="layers">
          <img src=${this.src} alt="Image to judge" @load=${this.#loaded} @error=${this.#failed}>
          ${this.size ? this.overlay(this.size) : nothing}
        </div></div>
        <figcaption>
          ${this.caption()} <a href=${this.src} target="_blank" rel="noreferrer">Full size</a>
        </figcaption>
      </figure>`;
  }

  #loaded({ target: { naturalWidth: width, naturalHeight: height } }) {
    this.size = { width, height };
  }

  #failed() {
    this.isMissing = true;
  }
};
