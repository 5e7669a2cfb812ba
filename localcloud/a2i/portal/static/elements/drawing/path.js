// Shapes that are lists of vertices: what polygons, polylines and lines have in common.

import { pointOf } from "./initial-value.js";

/**
 * The kind of shape that is a path.
 *
 * @param differs what this one has of its own: see ShapeElement.
 */
export function path(differs) {
  return {
    most: Number.POSITIVE_INFINITY,
    isClosed: false,
    outline: (points) => points,
    corners: (points) => points,
    settled: (points) => points,
    moved: (points, corner, to) => points.with(corner, to),
    flaw(points, { isOpen = false } = {}) {
      return isOpen || points.length >= this.fewest
        ? "" : `A ${this.noun} needs ${this.fewest} points, this has ${points.length}.`;
    },
    described: (points) => points.length > 4
      ? `${points.length} points from ${points[0].x}, ${points[0].y}`
      : points.map(({ x, y }) => `${x}, ${y}`).join("; "),
    given({ vertices }) {
      if (!Array.isArray(vertices)) throw new SyntaxError("a shape has no list of vertices");
      const points = vertices.map(pointOf);
      if (points.length < this.fewest || points.length > this.most) {
        throw new SyntaxError(this.flaw(points) || `a ${this.noun} has ${this.most} points`);
      }
      return points;
    },
    entry: (label, vertices) => ({ label, vertices }),
    ...differs,
  };
}
