// Initial values as the developer guide writes them: unquoted keys, single quotes, trailing commas.

export { default } from "json5";
