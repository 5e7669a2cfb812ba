// <crowd-toggle-button>: a switch.

import { Checkable } from "./checkable.js";
import { css, nothing } from "../../vendor/lit.js";

export class CrowdToggleButton extends Checkable {
  static properties = { invalid: { type: Boolean, reflect: true } };
  static styles = [Checkable.styles, css`
    input {
      appearance: none; position: relative; width: 2.6rem; height: 1.5rem; margin: 0;
      border: 2px solid var(--muted); border-radius: 999px; background: var(--surface);
      transition: background-color 0.15s, border-color 0.15s;
    }
    input::before {
      content: ""; position: absolute; top: 50%; left: 0.15rem; width: 1rem; height: 1rem;
      border-radius: 50%; background: var(--muted); translate: 0 -50%; transition: left 0.15s;
    }
    input:checked { border-color: var(--accent); background: var(--accent); }
    input:checked::before { left: calc(100% - 1.15rem); background: var(--on-accent); }
    :host([invalid]) input:not(:checked) { border-color: var(--alarm); }
    :host([invalid]) input:not(:checked)::before { background: var(--alarm); }
    @media (prefers-reduced-motion: reduce) { input, input::before { transition: none; } }
  `];

  get inputRole() {
    return "switch";
  }

  get isWrong() {
    return this.invalid && !this.checked ? "true" : nothing;
  }

  get refusal() {
    return super.refusal && "Switch this on first.";
  }
}
