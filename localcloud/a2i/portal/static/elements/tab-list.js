// A row of tabs, of which one is open.

import { css, html } from "../../vendor/lit.js";

export const tabListStyle = css`
  [role="tablist"] {
    display: flex; gap: 0.25rem; overflow-x: auto; border-bottom: 1px solid var(--line);
    scrollbar-width: thin;
  }
  [role="tab"] {
    flex: none; min-height: 2.75rem; padding: 0.4rem 1rem; border: 0;
    border-bottom: 3px solid transparent; background: none; color: var(--muted);
    font: 600 1rem/1.3 var(--sans); cursor: pointer;
  }
  [role="tab"]:hover { color: var(--text); }
  [role="tab"][aria-selected="true"] { border-color: var(--accent); color: var(--accent-strong); }
  [role="tab"]:focus-visible {
    outline: 3px solid var(--focus); outline-offset: -3px; border-radius: 6px;
  }
`;

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/** The tabs of `titles`; `open` is told which one a worker opens, by its index. */
export function tabList(titles, selected, open) {
  const pressed = (event) => {
    const goal = { Home: 0, End: titles.length - 1 }[event.key]
      ?? (event.key in STEPS ? selected + STEPS[event.key] : undefined);
    if (goal === undefined) return;
    event.preventDefault();
    const index = (goal + titles.length) % titles.length;
    event.currentTarget.children[index].focus();
    open(index);
  };
  return html`
    <div role="tablist" @keydown=${pressed}>${titles.map((title, index) => html`
      <button type="button" role="tab" id="tab-${index}" aria-selected=${index === selected}
        tabindex=${index === selected ? 0 : -1} @click=${() => open(index)}>${title}</button>`)}
    </div>`;
}
