// A list of categories as templates write it: JSON, or single-quoted as in Python or JavaScript.

import { literalOf } from "./literal.js";

const ITEM = /\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|([^\s,'"[\]{}]+))\s*(?:,|$)/gsy;

/** The categories in `text`, each a string. Throws a SyntaxError when it is not a list. */
export function categoriesOf(text) {
  const list = parsedJson(text) ?? parsedQuoted(text);
  if (list.length === 0) throw new SyntaxError("the list of categories is empty");
  return list;
}

function parsedJson(text) {
  try {
    const value = JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : undefined;
  } catch {
    return undefined;
  }
}

function parsedQuoted(text) {
  const inner = /^\s*\[(.*)\]\s*$/s.exec(text)?.[1].trim();
  if (inner === undefined) throw new SyntaxError(`not a list: ${text}`);
  const items = [];
  ITEM.lastIndex = 0;
  while (ITEM.lastIndex < inner.length) {
    const item = ITEM.exec(inner);
    if (item === null) throw new SyntaxError(`not a list of categories: ${text}`);
    const [, single, double, bare] = item;
    items.push((single ?? double ?? bare).replace(/\\(.)/gs, "$1"));
  }
  return items;
}

/** The text of an exclusion category, which is written as `{ text: 'None of these' }`. */
export function exclusionOf(text) {
  if (!text.trim()) return undefined;
  const exclusion = literalOf(text)?.text;
  if (typeof exclusion === "string") return exclusion;
  throw new SyntaxError(`not like { text: 'None of these' }: ${text}`);
}
