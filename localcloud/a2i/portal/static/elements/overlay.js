// What an earlier task found on an image, to be verified: boxes, or the colours of a segmentation.

import { colourOf, inkOn } from "./drawing/palette.js";
import { literalOf } from "./literal.js";
import { css, html, nothing, styleMap } from "../../vendor/lit.js";

export const overlayStyles = css`
  .mask { position: absolute; inset: 0; width: 100%; height: 100%; opacity: 0.55; }
  .box {
    position: absolute; border: 2px solid var(--hue);
    box-shadow: 0 0 0 1.5px rgb(255 255 255 / 0.75), inset 0 0 0 1.5px rgb(255 255 255 / 0.75);
  }
  .box span {
    position: absolute; bottom: 100%; left: -2px; padding: 0 0.4rem; border-radius: 4px 4px 0 0;
    background: var(--hue); color: var(--ink); font: 600 0.8rem/1.5 var(--sans);
    white-space: nowrap;
  }
  .box.high span { top: 0; bottom: auto; border-radius: 0 0 4px; left: 0; }
  .toggle {
    padding: 0; border: 0; background: none; color: var(--accent-strong); font: inherit;
    text-decoration: underline; cursor: pointer;
  }
  .legend { display: flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; margin: 0; padding: 0; }
  .legend li { display: flex; align-items: center; gap: 0.4rem; list-style: none; }
  .swatch {
    width: 0.9rem; height: 0.9rem; border: 1px solid rgb(0 0 0 / 0.35); border-radius: 4px;
    background: var(--hue);
  }
`;

/** The overlay in an attribute: undefined, or with `boxes`, or with a `mask` and its `colours`. */
export function overlayOf(text) {
  if (text.trim() === "") return undefined;
  const { boundingBox, semanticSegmentation } = literalOf(text) ?? {};
  if (Array.isArray(boundingBox?.value)) {
    return { boxes: boundingBox.value, labels: boundingBox.labels ?? [] };
  }
  if (semanticSegmentation?.src) {
    const { src, labelMappings = {} } = semanticSegmentation;
    return { mask: src, colours: Object.entries(labelMappings) };
  }
  throw new SyntaxError(
    'neither a "boundingBox" with a list as its "value" nor a "semanticSegmentation" with a "src"',
  );
}

export function overlaid({ boxes, labels, mask }, size) {
  if (mask) return html`<img class="mask" src=${mask} alt="">`;
  return boxes.map((box) => {
    const colour = colourOf(Math.max(labels.indexOf(box.label), 0));
    const percent = (value, whole) => `${(100 * value) / whole}%`;
    const place = {
      "--hue": colour,
      "--ink": inkOn(colour),
      left: percent(box.left, size.width),
      top: percent(box.top, size.height),
      width: percent(box.width, size.width),
      height: percent(box.height, size.height),
    };
    const isHigh = box.top < size.height * 0.05;
    return html`<div class="box ${isHigh ? "high" : ""}" style=${styleMap(place)}>
      <span>${box.label}</span></div>`;
  });
}

export const legend = ({ colours = [] }) => (colours.length === 0 ? nothing : html`
  <ul class="legend" aria-label="Colours">
    ${colours.map(([label, { color }]) => html`
      <li><span class="swatch" style=${styleMap({ "--hue": color })}></span>${label}</li>`)}
  </ul>`);
