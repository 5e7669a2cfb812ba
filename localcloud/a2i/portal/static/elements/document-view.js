// The page of a document, with the places of keys and values on it.

import { css, html, nothing, svg } from "../../vendor/lit.js";

export const documentStyles = css`
  .document {
    display: flex; flex-direction: column; min-width: 0; overflow: hidden;
    border: 1px solid var(--line); border-radius: var(--radius);
    background: color-mix(in srgb, var(--muted) 14%, var(--ground));
  }
  .zoom {
    display: flex; align-items: center; gap: 0.4rem; padding: 0.4rem 0.6rem;
    border-bottom: 1px solid var(--line); background: var(--surface); font-size: 0.9rem;
  }
  .zoom button {
    min-width: 2rem; min-height: 2rem; padding: 0 0.5rem; border: 1px solid var(--line);
    border-radius: var(--radius); background: var(--surface); color: var(--text);
    font: 550 1rem/1 var(--sans); cursor: pointer;
  }
  .zoom button:hover:enabled { border-color: var(--muted); }
  .zoom button:disabled { color: var(--muted); cursor: default; }
  .zoom output { min-width: 3.4rem; color: var(--muted); text-align: center; }
  .zoom a { margin-left: auto; color: var(--accent-strong); }
  .window { flex: 1; min-height: 0; overflow: auto; }
  .sheet { position: relative; margin: 0 auto; }
  .sheet img { display: block; width: 100%; }
  svg { position: absolute; inset: 0; width: 100%; height: 100%; }
  polygon { vector-effect: non-scaling-stroke; stroke-width: 1.25; cursor: pointer; }
  polygon.key { fill: transparent; stroke: #6f42c1; stroke-dasharray: 4 3; }
  polygon.value { fill: rgb(28 108 102 / 0.08); stroke: #1c6c66; }
  .current polygon { stroke-width: 3; stroke-dasharray: none; }
  .current .key { fill: rgb(111 66 193 / 0.16); }
  .current .value { fill: rgb(28 108 102 / 0.24); }
  .hasCurrent g:not(.current) { opacity: 0.35; }
  .missing { margin: 0; padding: 1.5rem; background: var(--warning-soft); color: var(--warning); }
`;

export const CLOSEST = 4;

/**
 * The page of a document.
 *
 * @param pairs each `key`, `values`: blocks with geometry; and whether it `isCurrent`.
 */
export const documentView = ({ src, pairs, zoom, zoomBy, pick, fail, missing }) => html`
  <div class="document" role="group" aria-label="Document">
    <div class="zoom">
      <button type="button" aria-label="Zoom out" ?disabled=${zoom <= 1}
        @click=${() => zoomBy(1 / 1.25)}>−</button>
      <output aria-label="Zoom">${Math.round(zoom * 100)} %</output>
      <button type="button" aria-label="Zoom in" ?disabled=${zoom >= CLOSEST}
        @click=${() => zoomBy(1.25)}>+</button>
      <a href=${src} target="_blank" rel="noreferrer">Full size</a>
    </div>
    <div class="window" tabindex="0" role="region" aria-label="Page">
      ${missing ? html`<p class="missing" role="alert">${missing}</p>` : html`
        <div class="sheet" style="width: ${zoom * 100}%">
          <img src=${src} alt="Page of the document" @error=${fail}>
          <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true"
            class=${pairs.some(({ isCurrent }) => isCurrent) ? "hasCurrent" : ""}>
            ${pairs.map((pair, index) => outline(pair, () => pick(index)))}
          </svg>
        </div>`}
    </div>
  </div>`;

const outline = ({ key, values, isCurrent }, pick) => svg`
  <g class=${isCurrent ? "current" : ""} @click=${pick}>
    ${shape(key, "key")}${values.map((value) => shape(value, "value"))}
  </g>`;

function shape(block, kind) {
  const corners = cornersOf(block?.geometry);
  if (corners.length === 0) return nothing;
  return svg`<polygon class=${kind} points=${corners.map(({ x, y }) => `${x},${y}`).join(" ")}/>`;
}

function cornersOf({ polygon, boundingBox } = {}) {
  if (polygon?.length > 0) return polygon;
  if (!boundingBox) return [];
  const { left, top, width, height } = boundingBox;
  return [
    { x: left, y: top }, { x: left + width, y: top },
    { x: left + width, y: top + height }, { x: left, y: top + height },
  ];
}

/** Scroll blocks of a page to the middle of its window. */
export function showBlocks(page, blocks) {
  const corners = blocks.flatMap((block) => cornersOf(block?.geometry));
  if (corners.length === 0) return;
  const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
  const { scrollWidth, scrollHeight, clientWidth, clientHeight } = page;
  page.scrollTo(
    middle(corners.map(({ x }) => x)) * scrollWidth - clientWidth / 2,
    middle(corners.map(({ y }) => y)) * scrollHeight - clientHeight / 2,
  );
}
