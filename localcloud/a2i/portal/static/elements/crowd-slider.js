// <crowd-slider>: a number from a range, by a knob.

import { CrowdElement } from "./crowd-element.js";
import { css, html, live, nothing } from "../../vendor/lit.js";

const TO_CHOOSE_AS_IT_STANDS = ["Home", "PageDown", "ArrowLeft", "ArrowDown", " "];

export class CrowdSlider extends CrowdElement {
  static properties = {
    editable: { type: Boolean },
    max: { type: Number },
    min: { type: Number },
    pin: { type: Boolean },
    required: { type: Boolean },
    secondaryProgress: { type: Number, attribute: "secondary-progress" },
    step: { type: Number },
    value: { converter: presetOf },
  };
  static styles = [CrowdElement.styles, css`
    :host { max-width: 36rem; margin: 0.5rem 0; }
    .slider { display: flex; align-items: center; gap: 1rem; }
    .range { position: relative; flex: 1; min-width: 0; }
    .range:has(.pin) { padding-top: 2.1rem; }
    [type="range"] {
      appearance: none; display: block; width: 100%; height: 2.5rem; margin: 0;
      background: none; cursor: pointer; --knob: 1.5rem;
    }
    [type="range"]::-webkit-slider-runnable-track {
      height: 0.4rem; border-radius: 999px; background: var(--track);
    }
    [type="range"]::-moz-range-track {
      height: 0.4rem; border-radius: 999px; background: var(--track);
    }
    [type="range"]::-webkit-slider-thumb {
      appearance: none; width: var(--knob); height: var(--knob);
      margin-top: calc((0.4rem - var(--knob)) / 2); border: 3px solid var(--surface);
      border-radius: 50%; background: var(--accent); box-shadow: 0 0 0 1px var(--accent);
    }
    [type="range"]::-moz-range-thumb {
      width: var(--knob); height: var(--knob); border: 3px solid var(--surface);
      border-radius: 50%; background: var(--accent); box-shadow: 0 0 0 1px var(--accent);
    }
    .untouched::-webkit-slider-thumb {
      background: var(--surface); box-shadow: 0 0 0 1px var(--muted);
    }
    .untouched::-moz-range-thumb { background: var(--surface); box-shadow: 0 0 0 1px var(--muted); }
    [type="range"]:focus-visible { outline-offset: 0; border-radius: var(--radius); }
    :disabled { opacity: 0.5; cursor: default; }
    .pin {
      position: absolute; top: 0; left: calc(0.75rem + (100% - 1.5rem) * var(--at)); z-index: 1;
      min-width: 2.1rem; padding: 0.1rem 0.5rem; border-radius: 8px; translate: -50%;
      background: var(--accent); color: var(--on-accent); font-weight: 600; text-align: center;
    }
    .pin::after {
      content: ""; position: absolute; top: 100%; left: 50%; border: 6px solid transparent;
      border-top-color: var(--accent); translate: -50%;
    }
    .ends {
      display: flex; justify-content: space-between; color: var(--muted); font-size: 0.875rem;
    }
    [type="number"] {
      width: 5.5rem; min-height: 2.5rem; padding: 0.3rem 0.5rem; border-radius: var(--radius);
      border: 1px solid var(--field-line); background: var(--surface); color: var(--text);
      font: 1rem/1.4 var(--sans);
    }
  `];

  constructor() {
    super();
    this.min = 0;
    this.max = 100;
    this.step = 1;
  }

  get answer() {
    return this.isChosen ? this.value : undefined;
  }

  get isChosen() {
    return Number.isFinite(this.value);
  }

  get refusal() {
    if (this.isDisabled || this.isChosen || !this.required) return "";
    return "Move the knob to choose a value first.";
  }

  willUpdate(changed) {
    const moves = ["max", "min", "step", "value"].some((each) => changed.has(each));
    if (moves && this.isChosen) this.value = this.#nearest(this.value);
  }

  formResetCallback() {
    this.value = presetOf(this.getAttribute("value"));
  }

  render() {
    return html`
      <div class="slider">
        <div class="range" style=${`--at: ${this.#share(this.value ?? this.min)}`}>
          ${this.pin && this.isChosen
            ? html`<span class="pin" aria-hidden="true">${this.value}</span>` : nothing}
          ${this.#range()}
          <div class="ends" aria-hidden="true"><span>${this.min}</span><span>${this.max}</span></div>
        </div>
        ${this.editable ? this.#number() : nothing}
      </div>
      ${this.sentence}`;
  }

  #range() {
    const take = (event) => this.#take(event.target.value);
    const standing = (event) => TO_CHOOSE_AS_IT_STANDS.includes(event.key) && take(event);
    return html`<input type="range" class=${this.isChosen ? "" : "untouched"}
      aria-label=${this.spokenName} aria-describedby="error"
      aria-valuetext=${this.isChosen ? nothing : "not chosen yet"}
      min=${this.min} max=${this.max} step=${this.step > 0 ? this.step : "any"}
      .value=${live(String(this.value ?? this.min))} style=${`--track: ${this.#track}`}
      ?disabled=${this.isDisabled}
      @input=${take} @click=${take} @keyup=${standing} @change=${this.announce}>`;
  }

  #number() {
    const take = ({ target }) => target.value !== "" && this.#take(target.value);
    // Enter submits before the change that it makes is told.
    const entered = (event) => event.key === "Enter" && take(event);
    return html`<input type="number" aria-label=${`${this.spokenName}, as a number`}
      min=${this.min} max=${this.max} step=${this.step > 0 ? this.step : "any"}
      .value=${live(this.isChosen ? String(this.value) : "")} ?disabled=${this.isDisabled}
      @keydown=${entered} @change=${(event) => { take(event); this.announce(); }}>`;
  }

  #take(text) {
    this.value = this.#nearest(text);
  }

  /** The value nearest to another that the knob can be moved to. */
  #nearest(value) {
    const { max, min } = this;
    const step = this.step > 0 ? this.step : "any";
    const range = document.createElement("input");
    return Number(Object.assign(range, { type: "range", max, min, step, value }).value);
  }

  get #track() {
    const at = this.isChosen ? this.#share(this.value) * 100 : 0;
    const secondary = this.#share(this.secondaryProgress ?? this.min) * 100;
    const colour = "var(--crowd-slider-secondary-color, color-mix(in srgb, var(--accent) 40%, var(--line)))";
    return `linear-gradient(to right, var(--accent) ${at}%, ${colour} ${at}% ${secondary}%, `
      + `var(--field-line) ${Math.max(at, secondary)}%)`;
  }

  #share(value) {
    const share = (value - this.min) / (this.max - this.min);
    return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
  }
}

// A template writes value="" when its input has none.
function presetOf(text) {
  return text?.trim() ? Number(text) : undefined;
}
