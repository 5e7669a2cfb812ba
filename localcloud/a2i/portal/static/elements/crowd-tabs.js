// <crowd-tabs>: pages of a task, of which one is open.

import { tabList, tabListStyle } from "./tab-list.js";
import { LitElement, css, html } from "../../vendor/lit.js";

export class CrowdTabs extends LitElement {
  static properties = { selected: { state: true } };
  static styles = [tabListStyle, css`
    :host { display: block; margin: 1rem 0; }
    :host([hidden]) { display: none; }
  `];

  constructor() {
    super();
    this.selected = 0;
  }

  get tabs() {
    return [...this.querySelectorAll(":scope > crowd-tab")];
  }

  /** Open one of the tabs. */
  open(tab) {
    this.selected = this.tabs.indexOf(tab);
    this.#show();
  }

  willUpdate() {
    this.#show();
  }

  render() {
    const { tabs } = this;
    const titles = tabs.map((tab, index) => tab.header || `Tab ${index + 1}`);
    return html`
      ${tabList(titles, this.selected, (index) => this.open(tabs[index]))}
      <slot @slotchange=${() => this.requestUpdate()}></slot>`;
  }

  #show() {
    this.tabs.forEach((tab, index) => {
      tab.hidden = index !== this.selected;
    });
  }
}
