// <crowd-polygon>: outlines of what is in an image.

import { crossesItself } from "./drawing/crossing.js";
import { path } from "./drawing/path.js";
import { ShapeElement } from "./drawing/shape-element.js";

const polygon = path({ noun: "polygon", name: "polygons", fewest: 3, isClosed: true });

export class CrowdPolygon extends ShapeElement {
  static kind = {
    ...polygon,
    flaw(points, options = {}) {
      const crosses = !options.isGiven && crossesItself(points, options);
      return crosses ? "A polygon's sides may not cross each other." : polygon.flaw(points, options);
    },
  };

  help = "Click the polygon's corners; Enter, a double click or a click on the first corner closes "
    + "it. By keyboard: focus the image, go with the arrows, Space puts a corner. With a polygon "
    + "selected, arrows move it; C takes its next corner, which arrows then move.";
}
