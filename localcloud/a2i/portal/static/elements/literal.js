// A value in an attribute: JSON, or as the developer guide writes it, JSON5.

import JSON5 from "../../vendor/json5.js";

/** The value that a text stands for. Throws a SyntaxError when it stands for none. */
export function literalOf(text) {
  try {
    // Much the faster of the two, and a page of a document is megabytes.
    return JSON.parse(text);
  } catch {
    return JSON5.parse(text);
  }
}
