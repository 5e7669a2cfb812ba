// <crowd-text-area>: several lines of text, which grow with what is typed.

import { TextField } from "./text-field.js";
import { css, html, ifDefined, live, nothing } from "../../vendor/lit.js";

export class CrowdTextArea extends TextField {
  static properties = {
    charCounter: { type: Boolean, attribute: "char-counter" },
    maxRows: { type: Number, attribute: "max-rows" },
    rows: { type: Number },
  };
  static styles = [TextField.styles, css`
    .field {
      --around: calc(var(--above, 0.6rem) + var(--below, 0.6rem) + 2px);
      min-height: calc(var(--rows) * 1lh + var(--around));
      max-height: calc(var(--max-rows) * 1lh + var(--around));
      field-sizing: content; resize: vertical;
    }
    label { background: var(--surface); }
    .counter { margin: 0.3rem 0 0 auto; color: var(--muted); font-size: 0.875rem; }
  `];

  constructor() {
    super();
    this.rows = 2;
  }

  counter() {
    if (!this.charCounter) return nothing;
    const { length } = this.value ?? "";
    return html`<span class="counter">${length}${this.maxLength ? ` / ${this.maxLength}` : ""}</span>`;
  }

  field() {
    const rows = this.rows > 0 ? this.rows : 2;
    const maxRows = this.maxRows > 0 ? `--max-rows: ${Math.max(this.maxRows, 1)}` : "";
    return html`<textarea id="field" class="field" dir="auto" rows=${rows}
      style=${`--rows: ${Math.min(rows, this.maxRows || rows)}; ${maxRows}`}
      aria-label=${this.fieldName} aria-describedby="error" aria-invalid=${this.isWrong}
      maxlength=${ifDefined(this.maxLength)} placeholder=${this.placeholder || " "}
      ?disabled=${this.isDisabled} ?required=${this.required} .value=${live(this.value ?? "")}
      @input=${this.typed} @change=${this.typed}></textarea>`;
  }
}
