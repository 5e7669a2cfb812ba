// <crowd-line>: lines from one point to another along what is in an image.

import { path } from "./drawing/path.js";
import { ShapeElement } from "./drawing/shape-element.js";

export class CrowdLine extends ShapeElement {
  static kind = path({ noun: "line", name: "lines", fewest: 2, most: 2, tellsOfChange: true });

  help = "Drag a line, or click both its ends. By keyboard: focus the image, go with the arrows, "
    + "Space puts an end, Space again the other. With a line selected, arrows move it; C takes its "
    + "next end, which arrows then move.";
}
