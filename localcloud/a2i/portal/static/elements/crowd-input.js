// <crowd-input>: a line of text, or another of HTML's inputs.

import { TextField } from "./text-field.js";
import { html, ifDefined, live, nothing } from "../../vendor/lit.js";

export class CrowdInput extends TextField {
  static properties = { type: {} };

  get answer() {
    // The name of a file on the worker's own disk says nothing to anybody else.
    return this.type === "file" ? undefined : super.answer;
  }

  field() {
    const value = this.type === "file" ? nothing : live(this.value ?? "");
    return html`<input id="field" class="field" dir="auto" type=${this.type || "text"} .value=${value}
      aria-label=${this.fieldName} aria-describedby="error" aria-invalid=${this.isWrong}
      maxlength=${ifDefined(this.maxLength)} placeholder=${this.placeholder || " "}
      ?disabled=${this.isDisabled} ?required=${this.required}
      @input=${this.typed} @change=${this.typed}>`;
  }
}
