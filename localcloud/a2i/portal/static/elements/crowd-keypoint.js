// <crowd-keypoint>: points on what is in an image.

import { pointOf } from "./drawing/initial-value.js";
import { ShapeElement } from "./drawing/shape-element.js";

export class CrowdKeypoint extends ShapeElement {
  static kind = {
    noun: "point",
    name: "keypoints",
    fewest: 1,
    most: 1,
    isClosed: false,
    outline: (points) => points,
    corners: (points) => points,
    settled: (points) => points,
    moved: (_, corner, to) => [to],
    flaw: () => "",
    described: ([{ x, y }]) => `${x}, ${y}`,
    given: (entry) => [pointOf(entry)],
    entry: (label, [{ x, y }]) => ({ label, x, y }),
  };

  help = "Click where a point is to be. By keyboard: focus the image, go with the arrows, Space "
    + "puts a point. With a point selected, arrows move it.";

  // A point is a pixel of the image, not the border between two.
  get inset() {
    return 1;
  }
}
