// <crowd-fab>: a button that stands out from the page, with an icon or one character.

import { CrowdIconButton } from "./crowd-icon-button.js";
import { css, html } from "../../vendor/lit.js";

export class CrowdFab extends CrowdIconButton {
  static properties = { label: {} };
  static styles = [CrowdIconButton.styles, css`
    button {
      width: 3.5rem; height: 3.5rem; background: var(--accent); color: var(--on-accent);
      font-size: 1.4rem; box-shadow: 0 3px 10px rgb(0 0 0 / 0.3);
    }
    button:hover { background: var(--accent-strong); }
    span { max-width: 2.6rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  `];

  get spokenName() {
    return this.title || this.label || super.spokenName;
  }

  content() {
    return this.icon || !this.label ? super.content() : html`<span>${this.label}</span>`;
  }
}
