// What stands above every task element: its header, and its instructions.

import { css, html, nothing } from "../../vendor/lit.js";

const SLOTS = { "short-instructions": "short", "full-instructions": "full" };

export const headingStyles = css`
  h1 { margin: 0; font: 600 1.25rem/1.4 var(--sans); text-wrap: balance; }
  .instructions {
    display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.2rem 1rem; margin: 0.4rem 0 0;
  }
  @media (max-width: 34rem) {
    h1 { font-size: 1.1rem; }
  }
`;

export const heading = (header) => html`
  ${header ? html`<h1 id="header">${header}</h1>` : nothing}
  <div class="instructions"><slot name="short"></slot><slot name="full"></slot></div>`;

/** Have the instructions inside an element shown by its heading. */
export function slotInstructions(element) {
  for (const [name, slot] of Object.entries(SLOTS)) {
    for (const each of element.querySelectorAll(`:scope > ${name}`)) each.slot = slot;
  }
}
