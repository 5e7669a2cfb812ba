// An element that shows an image to draw on: where one is in it, and how much of it is in view.

import { CrowdElement } from "../crowd-element.js";
import { html, nothing, styleMap } from "../../../vendor/lit.js";
import { keyed } from "./keyboard.js";
import { loadPicture, PictureError } from "./picture.js";

/**
 * A subclass has `begin(picture)`, called when the image is there and before it is shown, and what
 * Workspace asks of who draws. `cursor` is where the keyboard is, `reach` where the next point
 * would be; both are positions in the image.
 */
export class CanvasElement extends CrowdElement {
  static properties = {
    src: {},
    said: { state: true },
    problem: { state: true },
    workspace: { state: true },
    zoom: { state: true },
  };

  cursor = { x: 0, y: 0 };
  reach = undefined;
  hasKeyboard = false;
  #opening = undefined;

  constructor() {
    super();
    Object.assign(this, { said: "", problem: "", zoom: 100 });
    this.addEventListener("invalid", () => this.surface?.focus());
  }

  connectedCallback() {
    super.connectedCallback();
    this.toggleAttribute("wide", true);
    if (this.hasUpdated) this.open();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#close();
  }

  formResetCallback() {
    this.open();
  }

  get refusal() {
    return this.problem || (this.workspace ? "" : "The image is still loading.");
  }

  get imageSize() {
    const { height = 1, width = 1 } = this.picture ?? {};
    return { height, width };
  }

  /** How much less than the image's size the greatest position is: 1 if it names a pixel. */
  get inset() {
    return 0;
  }

  /** How far an arrow key goes, in pixels of the image. */
  get stride() {
    const wanted = Math.max(...Object.values(this.imageSize)) / 60;
    return [50, 20, 10, 5, 2].find((each) => each <= wanted) ?? 1;
  }

  get surface() {
    return this.renderRoot?.querySelector(".surface");
  }

  /** The position that a spot of the surface is at. */
  pixelAt(spot) {
    const { x, y } = this.workspace.view.toImage(spot);
    // The pixel that the spot is in, or the border between two that it is nearest to.
    return this.clamped(this.inset ? { x: Math.floor(x), y: Math.floor(y) } : { x, y });
  }

  clamped({ x, y }) {
    const { height, width } = this.imageSize;
    return { x: within(x, width - this.inset), y: within(y, height - this.inset) };
  }

  hover(spot) {
    this.hasKeyboard = false;
    this.reach = this.pixelAt(spot);
    this.redraw();
  }

  viewed() {
    if (!this.workspace) return;
    this.zoom = Math.round(this.workspace.view.zoom * 100);
    this.redraw();
  }

  redraw() {
    this.workspace?.draw();
  }

  zoomBy(factor) {
    const { view } = this.workspace;
    view.zoomBy(factor, this.hasKeyboard ? view.toScreen(this.cursor) : undefined);
    this.viewed();
  }

  fit() {
    this.workspace.view.fit();
    this.viewed();
  }

  pan(dx, dy) {
    this.workspace.view.pan(dx, dy);
    this.viewed();
  }

  moveCursor(dx, dy) {
    this.cursor = this.clamped({ x: this.cursor.x + dx, y: this.cursor.y + dy });
    this.reach = this.cursor;
    this.workspace.view.reveal(this.cursor);
    this.said = `${this.cursor.x}, ${this.cursor.y}`;
  }

  updated(changed) {
    super.updated(changed);
    if (changed.has("src")) this.open();
    this.redraw();
  }

  canvas() {
    const { height, width } = this.imageSize;
    return html`
      <div class="frame" aria-busy=${String(!this.workspace && !this.problem)}>
        <div class="surface" role="application" tabindex="0" aria-label="Image to draw on"
          aria-describedby="help" data-tool=${this.tool} ?hidden=${this.problem !== ""}
          style=${styleMap({ aspectRatio: this.picture ? `${width} / ${height}` : "4 / 3" })}
          @keydown=${this.#keyPressed} @dblclick=${() => !this.isIdle && this.finish()}
          @focus=${this.redraw} @blur=${this.#left} @pointerleave=${this.#left}></div>
        <p class="problem" role="alert">${this.problem || nothing}</p>
      </div>`;
  }

  async open() {
    const opening = Symbol("opening");
    this.#opening = opening;
    this.#close();
    try {
      const picture = await loadPicture(this.src);
      const { Workspace } = await import("./workspace.js");
      if (this.#opening !== opening || !this.isConnected) return;
      this.picture = picture;
      this.cursor = { x: picture.width >> 1, y: picture.height >> 1 };
      await this.begin(picture);
      if (this.#opening === opening) this.workspace = this.furnished(Workspace);
      await this.updateComplete;
      this.viewed();
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      if (this.#opening === opening) this.problem = error.message;
    }
  }

  furnished(Workspace) {
    return new Workspace(this.surface, this.picture, this);
  }

  #close() {
    this.workspace?.close();
    Object.assign(this, { workspace: undefined, problem: "" });
  }

  #left(event) {
    if (event.type === "blur") this.hasKeyboard = false;
    if (!this.hasKeyboard) this.reach = undefined;
    this.redraw();
  }

  #keyPressed(event) {
    if (!this.workspace || !keyed(this, event)) return;
    event.preventDefault();
    this.hasKeyboard = true;
    this.redraw();
  }
}

const within = (value, most) => Math.min(Math.max(Math.round(value), 0), most);
