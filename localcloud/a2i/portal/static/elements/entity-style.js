// How a text looks whose entities are labelled.

import { css } from "../../vendor/lit.js";

export const entityStyle = css`
  .bar {
    position: sticky; top: 0; z-index: 1; display: flex; align-items: flex-start; gap: 0.5rem;
    margin: 1.1rem 0 0; padding: 0.6rem 0; background: var(--ground);
  }
  .labels { display: flex; flex: 1; flex-wrap: wrap; gap: 0.4rem; }
  button.tool {
    display: inline-flex; align-items: center; gap: 0.5rem; min-height: 2.4rem;
    padding: 0.25rem 0.75rem; border: 1px solid var(--line); border-radius: var(--radius);
    background: var(--surface); color: var(--text); font: 550 0.95rem/1.3 var(--sans);
    cursor: pointer;
  }
  button.tool:hover:enabled { border-color: var(--muted); }
  button.tool:disabled { color: var(--muted); cursor: default; }
  button.tool[aria-pressed="true"] {
    border-color: var(--accent); background: var(--accent-soft);
    box-shadow: inset 0 0 0 1px var(--accent);
  }
  .swatch {
    flex: none; width: 1rem; height: 1rem; border: 1px solid rgb(0 0 0 / 0.35); border-radius: 4px;
    background: var(--hue);
  }
  kbd {
    min-width: 1.4rem; padding: 0 0.3rem; border: 1px solid var(--line); border-radius: 5px;
    background: var(--ground); color: var(--muted); font: 0.8rem/1.45 var(--sans);
    text-align: center;
  }
  .text {
    padding: clamp(1rem, 3.5vw, 1.6rem) clamp(1rem, 4vw, 1.8rem);
    border: 1px solid var(--line); border-radius: calc(var(--radius) + 4px);
    background: var(--surface); font-size: 1.125rem; line-height: 2.1;
    white-space: pre-wrap; overflow-wrap: anywhere; cursor: text;
  }
  .text ::selection, .text::selection { background: var(--accent); color: var(--on-accent); }
  mark {
    padding: 0.2em 0.1em 0.2em 0.25em; border-radius: 5px;
    background: color-mix(in srgb, var(--hue) 26%, var(--surface)); color: var(--text);
    box-decoration-break: clone; -webkit-box-decoration-break: clone;
  }
  mark.chosen { outline: 2px solid var(--text); outline-offset: 1px; }
  .remove {
    margin: 0 0.1em 0 0.35em; padding: 0.1em 0.5em; border: 0; border-radius: 4px;
    background: var(--surface); color: var(--text); font: 600 0.75rem/1.5 var(--sans);
    vertical-align: 0.1em; white-space: nowrap; cursor: pointer; user-select: none;
    -webkit-user-select: none;
  }
  .remove::before { content: attr(data-label) " ×"; }
  .remove:hover { background: var(--text); color: var(--surface); }
  .said { min-height: 1.5em; margin: 0.5rem 0 0; overflow-wrap: anywhere; }
  .said.refused { color: var(--warning); font-weight: 600; }
  details { margin-top: 0.3rem; color: var(--muted); font-size: 0.9rem; }
  summary { width: fit-content; cursor: pointer; }
  details p { margin: 0.3rem 0 0; }
  @media (hover: none), (max-width: 34rem) {
    kbd, details { display: none; }
    .remove { padding: 0.35em 0.7em; }
  }
`;
