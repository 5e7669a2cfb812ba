// What every element of a form has: a name, an answer, and a sentence when it is not to be had.

import { categoriesOf } from "./categories.js";
import { literalOf } from "./literal.js";
import { LitElement, css, html, nothing } from "../../vendor/lit.js";

/**
 * An element that takes part in a form.
 *
 * A subclass has a getter `answer`, its part of answerContent (undefined: it has none), and may
 * have a getter `refusal`: the sentence for why it cannot be submitted as it is (empty: it can).
 * It shows `this.sentence` where that belongs.
 */
export class CrowdElement extends LitElement {
  static formAssociated = true;
  static shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static properties = {
    name: { reflect: true },
    disabled: { type: Boolean, reflect: true },
    complaining: { state: true },
  };
  static styles = css`
    :host { display: block; }
    :host([hidden]), [hidden] { display: none; }
    * { box-sizing: border-box; }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
    .error { margin: 0.5rem 0 0; color: var(--warning); font-weight: 600; }
    .error:empty { display: none; }
  `;

  internals = this.attachInternals();
  #mistakes = new Map();

  constructor() {
    super();
    this.addEventListener("invalid", (event) => {
      event.preventDefault();
      this.complaining = true;
    });
  }

  get answer() {
    return undefined;
  }

  get refusal() {
    return "";
  }

  /** What the page's own scripts read, as those in the developer guide do. */
  get value() {
    return this.answer;
  }

  get form() {
    return this.internals.form;
  }

  get validity() {
    return this.internals.validity;
  }

  get isDisabled() {
    return this.matches(":disabled");
  }

  /** What a screen reader calls this when nothing in it does. */
  get spokenName() {
    const label = this.internals.labels?.[0]?.textContent.trim();
    return this.ariaLabel || label || this.placeholder || this.name || this.localName;
  }

  /** Why this cannot be answered, for whoever looks at it. */
  get sentence() {
    const shown = this.#mistake || (this.complaining ? this.refusal : "");
    return html`<p class="error" id="error" role="alert">${shown || nothing}</p>`;
  }

  /**
   * What an attribute holds, read by `parse`, which throws a SyntaxError when it is wrong. Then the
   * element says so, cannot be submitted, and this is `otherwise`.
   */
  read(attribute, parse, otherwise) {
    this.#mistakes.delete(attribute);
    try {
      return parse(this.getAttribute(attribute) ?? "");
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#mistakes.set(attribute, error.message);
      return otherwise;
    }
  }

  /** The list in an attribute, as JSON or single-quoted. */
  readList(attribute) {
    return this.read(attribute, categoriesOf, []);
  }

  /** Set an attribute from a script of the page, which may give a list, or take note of its text. */
  giveList(attribute, given) {
    const text = Array.isArray(given) ? JSON.stringify(given) : given;
    if (text === this.getAttribute(attribute)) this.requestUpdate(attribute);
    else this.setAttribute(attribute, text ?? "[]");
  }

  /** The JSON in an attribute; without the attribute, or when it is empty, `otherwise`. */
  readJson(attribute, otherwise) {
    return this.read(attribute, (text) => (text.trim() ? literalOf(text) : otherwise), otherwise);
  }

  /** Say to the page's own scripts that a worker changed the answer. */
  announce() {
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // At once and not when it is drawn: a script may set a value and submit in the same breath.
  requestUpdate(...change) {
    super.requestUpdate(...change);
    if (this.hasUpdated) this.#judge();
  }

  update(changed) {
    // Lit would do so only when it has drawn, and what it draws depends on it.
    if (changed.has("disabled")) this.toggleAttribute("disabled", Boolean(this.disabled));
    super.update(changed);
  }

  updated() {
    this.#judge();
  }

  formDisabledCallback() {
    this.requestUpdate();
  }

  get #mistake() {
    const [first] = this.#mistakes;
    if (!first) return "";
    const [attribute, reason] = first;
    const are = attribute.endsWith("s") ? "are" : "is";
    return `This page cannot be answered. Its "${attribute}" ${are} wrong: ${reason}.`;
  }

  #judge() {
    const refusal = this.#mistake || this.refusal;
    this.internals.setValidity(refusal ? { customError: true } : {}, refusal || undefined);
    if (!refusal && this.complaining) this.complaining = false;
  }
}
