// Where an image is on the screen: how far it is zoomed and moved.

const CLOSEST = 32;

export class View {
  zoom = 1;
  x = 0;
  y = 0;
  #image;
  #screen = { width: 1, height: 1 };
  #fits = true;

  /** @param image its width and height in pixels. */
  constructor(image) {
    this.#image = image;
  }

  /** The zoom at which the whole image is in view. */
  get whole() {
    const { width, height } = this.#screen;
    return Math.min(width / this.#image.width, height / this.#image.height);
  }

  /** Whether the whole image is in view. */
  get isWhole() {
    return this.#fits;
  }

  /** Take the size of the screen's part that shows the image. */
  resize(screen) {
    this.#screen = screen;
    if (this.#fits) this.fit();
    else this.#settle();
  }

  fit() {
    this.zoom = this.whole;
    this.#fits = true;
    this.#settle();
  }

  /** Zoom by `factor`; what is at `spot` of the screen stays there. */
  zoomBy(factor, spot = this.#middle) {
    const fixed = this.toImage(spot);
    this.zoom = Math.min(Math.max(this.zoom * factor, this.whole), Math.max(CLOSEST, this.whole));
    this.#fits = this.zoom === this.whole;
    this.x = spot.x - fixed.x * this.zoom;
    this.y = spot.y - fixed.y * this.zoom;
    this.#settle();
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.#settle();
  }

  /** Bring a point of the image into view. */
  reveal(point) {
    const { x, y } = this.toScreen(point);
    const margin = 24;
    this.pan(
      Math.max(margin - x, 0) + Math.min(this.#screen.width - margin - x, 0),
      Math.max(margin - y, 0) + Math.min(this.#screen.height - margin - y, 0),
    );
  }

  toImage({ x, y }) {
    return { x: (x - this.x) / this.zoom, y: (y - this.y) / this.zoom };
  }

  toScreen({ x, y }) {
    return { x: x * this.zoom + this.x, y: y * this.zoom + this.y };
  }

  get #middle() {
    return { x: this.#screen.width / 2, y: this.#screen.height / 2 };
  }

  // An image smaller than the screen is in its middle; of a larger one no edge leaves a gap.
  #settle() {
    this.x = placed(this.x, this.#image.width * this.zoom, this.#screen.width);
    this.y = placed(this.y, this.#image.height * this.zoom, this.#screen.height);
  }
}

function placed(start, length, space) {
  if (length <= space) return (space - length) / 2;
  return Math.min(0, Math.max(space - length, start));
}
