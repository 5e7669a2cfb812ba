// How the drawing elements look: labels and list beside the image, above and below it when narrow.

import { css } from "../../../vendor/lit.js";

export const drawingStyle = css`
  h2 { margin: 0 0 0.4rem; font-size: 0.95rem; }
  .work {
    display: grid; grid-template: auto 1fr / minmax(0, 1fr) 15rem; gap: 0.9rem 1.1rem;
    margin-top: 1rem;
  }
  .main { grid-area: 1 / 1 / 3 / 2; min-width: 0; }
  .labels { grid-area: 1 / 2; }
  .drawn { grid-area: 2 / 2; }
  button, select {
    min-height: 2.25rem; padding: 0.25rem 0.7rem; border: 1px solid var(--line);
    border-radius: var(--radius); background: var(--surface); color: var(--text);
    font: 550 0.95rem/1.3 var(--sans); cursor: pointer;
  }
  button:hover:enabled { border-color: var(--muted); }
  button:disabled { color: var(--muted); cursor: default; }
  button[aria-pressed="true"] { border-color: var(--accent); background: var(--accent-soft); }
  .labels { display: flex; flex-direction: column; align-self: start; gap: 0.4rem; }
  .labels button, .item { display: flex; align-items: center; gap: 0.55rem; text-align: left; }
  .text { flex: 1; min-width: 0; overflow-wrap: anywhere; }
  .swatch {
    flex: none; width: 1rem; height: 1rem; border: 1px solid rgb(0 0 0 / 0.35); border-radius: 4px;
  }
  kbd {
    min-width: 1.4rem; padding: 0 0.3rem; border: 1px solid var(--line); border-radius: 5px;
    background: var(--ground); color: var(--muted); font: 0.8rem/1.45 var(--sans);
    text-align: center;
  }
  .tools, .group, .size { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem; }
  .tools { margin-bottom: 0.5rem; }
  .group:last-child { margin-left: auto; }
  .zoom { min-width: 3.6rem; color: var(--muted); font-size: 0.9rem; text-align: center; }
  .size, .nothing { font-size: 0.95rem; }
  .size input { width: 6.5rem; accent-color: var(--accent); }
  .frame {
    overflow: hidden; border: 1px solid var(--line); border-radius: var(--radius);
    background: color-mix(in srgb, var(--muted) 22%, var(--ground));
  }
  .frame:has(.surface:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
  .surface {
    position: relative; width: 100%; max-height: 62vh; overflow: hidden; outline: none;
    cursor: crosshair; touch-action: none; user-select: none;
  }
  .surface > div { position: absolute; inset: 0; }
  .surface img, .surface > div > canvas {
    position: absolute; top: 0; left: 0; max-width: none; transform-origin: 0 0;
  }
  .surface[data-tool="Move"] { cursor: grab; }
  .problem { margin: 0; padding: 1.5rem; background: var(--warning-soft); color: var(--warning); }
  .problem:empty { display: none; }
  .said {
    min-height: 1.5em; margin: 0.4rem 0 0; color: var(--muted); font-size: 0.95rem;
    font-variant-numeric: tabular-nums;
  }
  details { margin-top: 0.3rem; color: var(--muted); font-size: 0.9rem; }
  summary { width: fit-content; cursor: pointer; }
  details p { margin: 0.3rem 0 0; }
  ul {
    display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.35rem; max-height: 50vh;
    margin: 0; padding: 0; overflow: auto; list-style: none;
  }
  .item { width: 100%; font-size: 0.9rem; font-weight: 450; font-variant-numeric: tabular-nums; }
  .actions { display: flex; gap: 0.35rem; margin-top: 0.35rem; }
  .actions select { flex: 1; min-width: 0; }
  .nothing { display: flex; align-items: center; gap: 0.5rem; margin-top: 0.8rem; }
  .nothing input { width: 1.15em; height: 1.15em; accent-color: var(--accent); }
  @media (max-width: 52rem) {
    .work { grid-template: none; }
    .main, .labels, .drawn { grid-area: auto; }
    .labels { flex-flow: row wrap; }
    .main { order: 0; }
    .group:last-child { margin-left: 0; }
    ul { max-height: none; }
  }
`;
