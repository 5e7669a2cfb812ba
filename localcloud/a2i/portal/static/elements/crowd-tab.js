// <crowd-tab>: one page of crowd-tabs.

import { LitElement, css, html } from "../../vendor/lit.js";

export class CrowdTab extends LitElement {
  static properties = { header: {} };
  static styles = css`
    :host { display: block; padding: 1rem 0; }
    :host([hidden]) { display: none; }
  `;

  connectedCallback() {
    super.connectedCallback();
    this.role = "tabpanel";
  }

  /** Show what is inside, since something there wants to be seen. */
  reveal() {
    this.closest("crowd-tabs")?.open(this);
  }

  updated() {
    this.ariaLabel = this.header ?? "";
    this.closest("crowd-tabs")?.requestUpdate();
  }

  render() {
    return html`<slot></slot>`;
  }
}
