// Masks as images: to be seen over a picture, to be submitted, and to begin with.

import { Mask } from "./mask.js";
import { rgbOf } from "./palette.js";

// What belongs to nothing is white, as the background is in Ground Truth's output.
const BACKGROUND = [255, 255, 255, 255];

/** A canvas that shows a mask, of which only what changed is drawn again. */
export class MaskImage {
  #shown = [];

  constructor({ height, width }) {
    this.canvas = Object.assign(document.createElement("canvas"), { height, width });
  }

  /** @param colours of the values, as #rrggbb. */
  show(mask, colours) {
    const context = this.canvas.getContext("2d");
    const pixels = pixelsOf(colours, [0, 0, 0, 0]);
    for (const [y, row] of mask.rows.entries()) {
      if (row === this.#shown[y]) continue;
      context.putImageData(imageData([row], pixels), 0, y);
    }
    this.#shown = mask.rows;
  }
}

/** A mask as a PNG image in Base64. */
export function pngOf(mask, colours) {
  const data = imageData(mask.rows, pixelsOf(colours, BACKGROUND));
  const canvas = Object.assign(document.createElement("canvas"), {
    height: data.height, width: data.width,
  });
  canvas.getContext("2d").putImageData(data, 0, 0);
  return canvas.toDataURL("image/png").split(",")[1];
}

/** The mask that a picture shows: pixels of exactly the colour of a value have that value. */
export function maskOf({ height, image, width }, colours) {
  const canvas = Object.assign(document.createElement("canvas"), { height, width });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const seen = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
  const pixels = pixelsOf(colours, [0, 0, 0, 0]);
  // Only of values that have a colour: what is transparent belongs to nothing.
  const values = new Map();
  for (const [value, colour] of colours.entries()) {
    if (colour) values.set(pixels[value], value);
  }
  const row = (y) => Uint8Array.from(seen.subarray(y * width, (y + 1) * width),
    (pixel) => values.get(pixel) ?? 0);
  return new Mask(Array.from({ length: height }, (_, y) => row(y)));
}

function imageData(rows, pixels) {
  const data = new ImageData(rows[0].length, rows.length);
  const target = new Uint32Array(data.data.buffer);
  for (const [y, row] of rows.entries()) {
    const start = y * row.length;
    for (let x = 0; x < row.length; x += 1) target[start + x] = pixels[row[x]];
  }
  return data;
}

/** What each value looks like, as four bytes in the machine's own order. */
function pixelsOf(colours, none) {
  const pixels = new Uint8ClampedArray(256 * 4);
  pixels.set(none);
  for (const [value, colour] of colours.entries()) {
    if (colour) pixels.set([...rgbOf(colour), 255], value * 4);
  }
  return new Uint32Array(pixels.buffer);
}
