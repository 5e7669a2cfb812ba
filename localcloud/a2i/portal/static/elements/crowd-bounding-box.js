// <crowd-bounding-box>: boxes around what is in an image.

import { numberOf } from "./drawing/initial-value.js";
import { ShapeElement } from "./drawing/shape-element.js";

const corners = ([one, other]) => [
  one, { x: other.x, y: one.y }, other, { x: one.x, y: other.y },
];

/** The corners at the top left and at the bottom right. */
const settled = ([one, other]) => [
  { x: Math.min(one.x, other.x), y: Math.min(one.y, other.y) },
  { x: Math.max(one.x, other.x), y: Math.max(one.y, other.y) },
];

const sizes = ([{ x: left, y: top }, { x: right, y: bottom }]) => ({
  height: bottom - top, left, top, width: right - left,
});

export class CrowdBoundingBox extends ShapeElement {
  static kind = {
    noun: "box",
    name: "boundingBoxes",
    fewest: 2,
    most: 2,
    isClosed: true,
    tellsOfChange: true,
    outline: corners,
    corners,
    settled,
    // The opposite corner stays where it is.
    moved: (points, corner, to) => settled([corners(points)[(corner + 2) % 4], to]),
    flaw([one, other], { isOpen = false } = {}) {
      if (isOpen) return "";
      const isFlat = !other || one.x === other.x || one.y === other.y;
      return isFlat ? "A box needs a width and a height." : "";
    },
    described: (points) => {
      const { height, left, top, width } = sizes(points);
      return `${width} × ${height} at ${left}, ${top}`;
    },
    given: (entry) => {
      const [left, top, width, height] = ["left", "top", "width", "height"]
        .map((key) => numberOf(entry, key));
      return [{ x: left, y: top }, { x: left + width, y: top + height }];
    },
    entry: (label, points) => {
      const { height, left, top, width } = sizes(points);
      return { height, label, left, top, width };
    },
  };

  help = "Drag a box, or click two of its corners. By keyboard: focus the image, go with the "
    + "arrows, Space puts a corner, Space again the opposite one. With a box selected, arrows move "
    + "it; C takes its next corner, which arrows then move.";
}
