// <classification-target>: what is to be judged, in the largest type on the page.

import { LitElement, css, html, ifDefined } from "../../vendor/lit.js";

// More than this is read, not glanced at: smaller type then, and more of it in view.
const LONG = 320;

export class ClassificationTarget extends LitElement {
  static properties = { scrolls: { state: true } };
  static styles = css`
    :host { display: block; }
    :host([hidden]) { display: none; }
    .target {
      box-sizing: border-box; max-height: 46vh; overflow: auto;
      padding: clamp(1.1rem, 3.5vw, 2rem) clamp(1.1rem, 4vw, 2.25rem);
      border: 1px solid var(--line); border-radius: calc(var(--radius) + 4px);
      background: var(--surface);
      font-size: clamp(1.2rem, 1rem + 1.1vw, 1.6rem); line-height: 1.5;
      overflow-wrap: anywhere;
    }
    :host([long]) .target { font-size: 1.125rem; line-height: 1.6; }
    .target:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
  `;

  // Seen when the room changes, and when what is in it does.
  #observer = new ResizeObserver(() => {
    const { scrollHeight, clientHeight } = this.#target;
    this.scrolls = scrollHeight > clientHeight;
  });

  get #target() {
    return this.renderRoot.querySelector(".target");
  }

  connectedCallback() {
    super.connectedCallback();
    this.toggleAttribute("long", this.textContent.trim().length > LONG);
  }

  firstUpdated() {
    this.#observer.observe(this.#target);
    this.#observer.observe(this.renderRoot.querySelector(".content"));
  }

  // What has to be scrolled takes the focus, so that keys can scroll it.
  render() {
    const scrolls = this.scrolls || undefined;
    return html`
      <div class="target" role=${ifDefined(scrolls && "region")}
        aria-label=${ifDefined(scrolls && "What is judged")} tabindex=${ifDefined(scrolls && 0)}>
        <div class="content"><slot></slot></div>
      </div>`;
  }
}
