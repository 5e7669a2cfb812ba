// <crowd-icon-button>: a round button that is an icon.

import { CrowdElement } from "./crowd-element.js";
import { css, html, nothing } from "../../vendor/lit.js";

export class CrowdIconButton extends CrowdElement {
  static properties = { icon: {}, title: {} };
  static styles = [CrowdElement.styles, css`
    :host { display: inline-block; vertical-align: middle; }
    :host([disabled]) { pointer-events: none; }
    button {
      display: inline-grid; place-items: center; width: 2.75rem; height: 2.75rem; padding: 0;
      border: 0; border-radius: 50%; background: none; color: var(--text);
      font: 600 1.05rem/1 var(--sans); cursor: pointer; transition: background-color 0.2s;
    }
    button:hover { background: var(--accent-soft); }
    button:active { background: color-mix(in srgb, var(--accent) 35%, transparent); }
    button:disabled { opacity: 0.5; cursor: default; }
  `];

  get spokenName() {
    return this.title || this.ariaLabel || this.icon?.replaceAll("-", " ") || "button";
  }

  content() {
    return html`<iron-icon aria-hidden="true" icon=${this.icon || nothing}></iron-icon>`;
  }

  render() {
    return html`<button type="button" ?disabled=${this.isDisabled} aria-label=${this.spokenName}>
      ${this.content()}</button>`;
  }
}
