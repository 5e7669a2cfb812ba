// <crowd-polyline>: lines of two or more points along what is in an image.

import { path } from "./drawing/path.js";
import { ShapeElement } from "./drawing/shape-element.js";

export class CrowdPolyline extends ShapeElement {
  static kind = path({ noun: "polyline", name: "polylines", fewest: 2, tellsOfChange: true });

  help = "Click the polyline's points; Enter or a double click ends it. By keyboard: focus the "
    + "image, go with the arrows, Space puts a point. With a polyline selected, arrows move it; C "
    + "takes its next point, which arrows then move.";
}
