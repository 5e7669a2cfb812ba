// What the page elements take from Lit.

export * from "lit";
export { classMap } from "lit/directives/class-map.js";
export { ifDefined } from "lit/directives/if-defined.js";
export { live } from "lit/directives/live.js";
export { repeat } from "lit/directives/repeat.js";
export { createRef, ref } from "lit/directives/ref.js";
export { styleMap } from "lit/directives/style-map.js";
