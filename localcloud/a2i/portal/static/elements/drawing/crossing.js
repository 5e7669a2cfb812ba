// Whether the sides of a polygon cross each other.

/**
 * @param points its corners, in order.
 * @param isOpen whether the side from the last corner to the first is not there yet.
 */
export function crossesItself(points, { isOpen = false } = {}) {
  const sides = points.map((from, index) => [from, points[(index + 1) % points.length]]);
  if (isOpen) sides.pop();
  return sides.some((side, first) => sides.some((other, second) =>
    second > first + 1 && !areNeighbours(first, second, points.length) && cross(side, other)));
}

const areNeighbours = (first, second, count) => first === 0 && second === count - 1;

function cross([a, b], [c, d]) {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** Which way one turns from a to b to c: positive one way, negative the other, 0 straight on. */
function turn(a, b, c) {
  return Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
}
