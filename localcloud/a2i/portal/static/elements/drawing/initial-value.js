// What a template gives to begin with: JSON, or as the developer guide writes it, JSON5.

import JSON5 from "../../../vendor/json5.js";

/** The shapes in an `initial-value`: a list, or an object that has the list under its name. */
export function shapesOf(text, name) {
  if (text.trim() === "") return [];
  const value = JSON5.parse(text);
  const shapes = Array.isArray(value) ? value : value?.[name];
  if (!Array.isArray(shapes)) throw new SyntaxError(`not a list, nor an object with ${name}`);
  const other = shapes.find((shape) => typeof shape !== "object" || shape === null);
  if (other !== undefined) throw new SyntaxError(`${JSON.stringify(other)} is no shape`);
  return shapes;
}

/** The point in an object, whose coordinates may be written as text. */
export function pointOf(value) {
  return { x: numberOf(value, "x"), y: numberOf(value, "y") };
}

export function numberOf(value, key) {
  const number = Number(value?.[key] ?? Number.NaN);
  if (!Number.isFinite(number)) {
    throw new SyntaxError(`${key} is not a number in ${JSON.stringify(value)}`);
  }
  return number;
}
