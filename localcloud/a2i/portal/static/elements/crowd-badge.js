// <crowd-badge>: a mark at the top right corner of another element.

import { LitElement, css, html, nothing } from "../../vendor/lit.js";

export class CrowdBadge extends LitElement {
  static properties = { for: {}, icon: {}, label: {} };
  static styles = css`
    :host {
      position: absolute; z-index: 2; display: inline-grid; place-items: center;
      box-sizing: border-box; min-width: 1.6rem; height: 1.6rem; padding: 0 0.35rem;
      border-radius: 999px; background: var(--accent); color: var(--on-accent);
      font: 600 0.8rem/1 var(--sans); white-space: nowrap; translate: -50% -50%;
    }
    :host([hidden]) { display: none; }
    iron-icon { width: 1.1rem; height: 1.1rem; }
  `;
  #moves = new ResizeObserver(() => this.#place());

  connectedCallback() {
    super.connectedCallback();
    this.#moves.observe(document.documentElement);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#moves.disconnect();
  }

  get host() {
    return (this.for && document.getElementById(this.for)) || this.parentElement;
  }

  render() {
    return html`${this.icon ? html`<iron-icon icon=${this.icon}></iron-icon>` : this.label ?? nothing}`;
  }

  updated() {
    if (this.host) this.#moves.observe(this.host);
    this.#place();
  }

  #place() {
    const frame = this.offsetParent ?? document.documentElement;
    if (!this.host) return;
    const [corner, origin] = [this.host, frame].map((each) => each.getBoundingClientRect());
    this.style.left = `${corner.right - origin.left - frame.clientLeft + frame.scrollLeft}px`;
    this.style.top = `${corner.top - origin.top - frame.clientTop + frame.scrollTop}px`;
  }
}
