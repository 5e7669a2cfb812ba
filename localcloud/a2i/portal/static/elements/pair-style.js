// How the pairs of a form look beside their page, and below it when that is narrow.

import { css } from "../../vendor/lit.js";

export const pairStyles = css`
  .work { display: grid; gap: 1rem; margin-top: 1rem; }
  .document { position: sticky; top: 0; z-index: 1; height: 40vh; }
  ol { display: grid; gap: 0.7rem; margin: 0; padding: 0; list-style: none; }
  li {
    padding: 0.75rem 0.9rem; border: 1px solid var(--line); border-left: 4px solid var(--line);
    border-radius: var(--radius); background: var(--surface);
  }
  li input { scroll-margin-top: calc(40vh + 4.5rem); }
  li.current { border-color: var(--accent); }
  li.out .key { color: var(--muted); text-decoration: line-through; }
  .key { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.2rem 0.7rem; overflow-wrap: anywhere; }
  .tag {
    padding: 0 0.55rem; border-radius: 999px; background: var(--warning-soft);
    color: var(--warning); font-size: 0.8rem; text-decoration: none;
  }
  .aliases { margin: 0.1rem 0 0; color: var(--muted); font-size: 0.85rem; }
  input[type="text"] {
    width: 100%; min-height: 2.5rem; padding: 0.35rem 0.65rem; border: 1px solid var(--muted);
    border-radius: var(--radius); background: var(--surface); color: var(--text); font: inherit;
  }
  .value { margin-top: 0.4rem; }
  .value:disabled { border-style: dashed; color: var(--muted); background: var(--ground); }
  input[type="radio"], input[type="checkbox"] {
    width: 1.1em; height: 1.1em; margin: 0 0.25rem 0 0; accent-color: var(--accent);
    vertical-align: -0.15em;
  }
  .selection { display: block; margin-top: 0.5rem; }
  .verdict {
    display: flex; flex-wrap: wrap; gap: 0.3rem 1.3rem; margin-top: 0.55rem; color: var(--muted);
    font-size: 0.9rem;
  }
  .verdict [role="radiogroup"] { display: flex; gap: 0.7rem; }
  .verdict label, .selection { cursor: pointer; }
  .none { color: var(--muted); }
  @media (min-width: 60rem) {
    .work { grid-template-columns: minmax(0, 1fr) 25rem; align-items: start; }
    .document { top: 0.75rem; height: calc(100vh - 7.5rem); }
    li input { scroll-margin-top: 4.5rem; }
  }
`;
