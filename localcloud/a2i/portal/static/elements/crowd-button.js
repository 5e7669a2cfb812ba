// <crowd-button>: a button that submits or resets its form, or opens a link.

import { CrowdElement } from "./crowd-element.js";
import { css, html, ifDefined, nothing } from "../../vendor/lit.js";

export class CrowdButton extends CrowdElement {
  static properties = {
    formAction: { attribute: "form-action" },
    href: {},
    icon: {},
    iconAlign: { attribute: "icon-align" },
    iconUrl: { attribute: "icon-url" },
    loading: { type: Boolean, reflect: true },
    target: {},
    title: {},
    type: {},
    variant: { reflect: true },
  };
  static styles = [CrowdElement.styles, css`
    :host { display: inline-block; margin-block: 0.15rem; vertical-align: middle; }
    :host([disabled]), :host([loading]) { pointer-events: none; }
    .button {
      display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem;
      min-height: 2.75rem; min-width: 6rem; padding: 0.45rem 1.25rem;
      border: 1px solid var(--line); border-radius: var(--radius);
      background: var(--surface); color: var(--text);
      font: 600 1rem/1.3 var(--sans); text-decoration: none; cursor: pointer;
    }
    .button:hover { border-color: var(--muted); }
    :host([form-action="submit"]) .button, :host([type="submit"]) .button {
      min-height: 3rem; min-width: 11rem; font-size: 1.05rem;
    }
    :host([variant="primary"]) .button {
      border-color: var(--accent); background: var(--accent); color: var(--on-accent);
    }
    :host([variant="primary"]) .button:hover {
      border-color: var(--accent-strong); background: var(--accent-strong);
    }
    :host([variant="link"]) .button {
      min-width: 0; padding-inline: 0.5rem; border-color: transparent; background: none;
      color: var(--accent-strong); text-decoration: underline; text-underline-offset: 0.2em;
    }
    :host([variant="icon"]) .button {
      min-width: 2.75rem; padding: 0.4rem; border-color: transparent; background: none;
    }
    :host([variant="icon"]) .button:hover { background: var(--accent-soft); }
    :host([variant="icon"]) .text {
      position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
    }
    .button:disabled { opacity: 0.6; cursor: default; }
    .spinner {
      width: 1em; height: 1em; border: 0.15em solid currentcolor; border-right-color: transparent;
      border-radius: 50%; animation: turn 0.8s linear infinite;
    }
    @keyframes turn { to { rotate: 1turn; } }
    @media (prefers-reduced-motion: reduce) { .spinner { animation-duration: 4s; } }
  `];

  constructor() {
    super();
    this.addEventListener("click", (event) => this.#clicked(event));
  }

  get isBusy() {
    return this.loading || this.isDisabled;
  }

  render() {
    const name = this.textContent.trim() ? undefined : this.#nameOfIcon;
    if (this.href && !this.isBusy) {
      return html`<a class="button" href=${this.href} target=${this.target ?? "_blank"}
        rel="noopener" aria-label=${ifDefined(name)}>${this.#content}</a>`;
    }
    return html`<button type="button" class="button" ?disabled=${this.isBusy}
      aria-busy=${this.loading ? "true" : nothing}
      aria-label=${ifDefined(name)}>${this.#content}</button>`;
  }

  get #content() {
    const icon = this.#icon;
    const before = this.iconAlign !== "right";
    return html`
      ${before ? icon : nothing}
      <span class="text"><slot @slotchange=${() => this.requestUpdate()}></slot></span>
      ${before ? nothing : icon}`;
  }

  get #icon() {
    if (this.loading) return html`<span class="spinner"></span>`;
    if (!this.icon && !this.iconUrl) return nothing;
    return html`<iron-icon aria-hidden="true" icon=${ifDefined(this.icon)}
      src=${ifDefined(this.iconUrl)}></iron-icon>`;
  }

  get #nameOfIcon() {
    const named = this.querySelector("iron-icon");
    return this.title || named?.getAttribute("icon") || this.icon || this.formAction || undefined;
  }

  #clicked(event) {
    if (this.isBusy) return;
    // A script of the page clicks the element itself, which is no link.
    if (this.href && event.composedPath()[0] === this) this.renderRoot.querySelector("a")?.click();
    if (!this.href) this.#press();
  }

  #press() {
    switch (this.formAction ?? this.type) {
      case "submit":
        this.form?.requestSubmit();
        break;
      case "reset":
        // Not the form's own, which a field called "reset" hides.
        if (this.form) HTMLFormElement.prototype.reset.call(this.form);
        break;
    }
  }
}
