// The surface that is drawn on: the image, what was drawn over it, and the view of both.

import { Circle, Label, Layer, Line, Stage, Tag, Text } from "../../../vendor/konva.js";
import { Gestures } from "./gestures.js";
import { inkOn } from "./palette.js";
import { View } from "./view.js";

// Beyond this, one sees that an image is made of pixels.
const PIXELS_FROM = 3;
// How wide a line is to a press: a fingertip is no pixel.
const TOUCHABLE = 14;
const HALO = { stroke: "#ffffff", strokeWidth: 4, opacity: 0.75, listening: false };

export class Workspace {
  #stage;
  #under = document.createElement("div");
  #over = new Layer();
  #gestures;
  #observer;
  #hand;
  #offset;

  /**
   * @param surface the HTML element to fill.
   * @param picture the image, and its size.
   * @param hand who draws: see Gestures; and `paint(workspace)`, which draws all there is to see.
   */
  constructor(surface, picture, hand) {
    this.#hand = hand;
    // A position that names a pixel is drawn in its middle.
    this.#offset = hand.inset / 2;
    this.view = new View(picture);
    const over = document.createElement("div");
    surface.replaceChildren(this.#under, over);
    this.overlay(picture.image);
    this.#stage = new Stage({ container: over, width: 1, height: 1 });
    this.#stage.add(this.#over);
    this.#gestures = new Gestures(surface, this.view, hand);
    this.#observer = new ResizeObserver(() => this.#resize(surface));
    this.#observer.observe(surface);
    this.#resize(surface);
  }

  close() {
    this.#gestures.end();
    this.#observer.disconnect();
    this.#stage.destroy();
  }

  /** Lay an image, or a canvas of its size, over what is there. */
  overlay(image, opacity = 1) {
    image.style.opacity = opacity;
    this.#under.append(image);
  }

  /** What was drawn at a spot of the surface: the target that it was given. */
  targetAt(spot) {
    // What is seen is drawn with the next frame; a press may come before it.
    this.#over.drawHit();
    return this.#over.getIntersection(spot)?.getAttr("target");
  }

  draw() {
    const { zoom, x, y } = this.view;
    for (const { style } of this.#under.children) {
      style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
      style.imageRendering = zoom < PIXELS_FROM ? "auto" : "pixelated";
    }
    this.#over.destroyChildren();
    this.#hand.paint(this);
    this.#stage.batchDraw();
  }

  /** A line through points of the image; a press on it finds `target`. */
  line(points, { colour, closed = false, dashed = false, strong = false }, target) {
    const path = { points: this.#flat(points), closed, lineJoin: "round", lineCap: "round" };
    this.#over.add(new Line({ ...path, ...HALO, strokeWidth: strong ? 7 : 4 }));
    this.#over.add(new Line({
      ...path,
      stroke: colour,
      strokeWidth: strong ? 3.5 : 2,
      dash: dashed ? [7, 5] : [],
      fillEnabled: false,
      hitStrokeWidth: TOUCHABLE,
      listening: target !== undefined,
      target,
    }));
  }

  /** What a closed line is around. */
  area(points, { colour, strong = false }, target) {
    const fill = `${colour}${strong ? "40" : "26"}`;
    const listening = target !== undefined;
    this.#over.add(new Line({ points: this.#flat(points), closed: true, fill, listening, target }));
  }

  /** A point to take hold of. */
  handle(point, { colour, strong = false }, target) {
    this.#over.add(new Circle({
      ...this.#at(point),
      radius: strong ? 8 : 6,
      fill: strong ? colour : "#ffffff",
      stroke: strong ? "#ffffff" : colour,
      strokeWidth: 2.5,
      hitStrokeWidth: TOUCHABLE,
      listening: target !== undefined,
      target,
    }));
  }

  /** A word above a point. */
  tag(point, text, colour) {
    const { x, y } = this.#at(point);
    const label = new Label({ x, y: y - 24, listening: false });
    label.add(new Tag({ fill: colour, cornerRadius: 4 }));
    label.add(new Text({
      text, padding: 4, fontSize: 13, fontStyle: "600", fontFamily: "system-ui, sans-serif",
      fill: inkOn(colour),
    }));
    if (label.y() < 0) label.y(y + 6);
    label.x(Math.max(0, Math.min(x, this.#stage.width() - label.width())));
    this.#over.add(label);
  }

  /** Where the keyboard is. */
  crosshair(point) {
    const { x, y } = this.#at(point);
    for (const [stroke, strokeWidth] of [["#000000", 4], ["#ffffff", 2]]) {
      for (const points of [[x - 14, y, x + 14, y], [x, y - 14, x, y + 14]]) {
        this.#over.add(new Line({ points, stroke, strokeWidth, listening: false }));
      }
    }
  }

  /** A ring around a point, of a radius in pixels of the image. */
  ring(point, radius, colour) {
    const ring = { ...this.#at(point), radius: radius * this.view.zoom };
    this.#over.add(new Circle({ ...ring, ...HALO }));
    this.#over.add(new Circle({ ...ring, stroke: colour, strokeWidth: 2, listening: false }));
  }

  #resize({ clientWidth: width, clientHeight: height }) {
    if (width === 0 || height === 0) return;
    this.#stage.size({ width, height });
    this.view.resize({ width, height });
    this.#hand.viewed();
  }

  #at({ x, y }) {
    return this.view.toScreen({ x: x + this.#offset, y: y + this.#offset });
  }

  #flat(points) {
    return points.flatMap((point) => {
      const { x, y } = this.#at(point);
      return [x, y];
    });
  }
}
