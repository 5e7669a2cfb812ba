// The number keys choose in one element at a time: the one with the focus, else the page's first.

import { isPlain, isTyping } from "./keys.js";

const choosers = new Map();

/** Have 1 to 9 call `choose` with the index that the key stands for; it says whether it did. */
export function takeNumberKeys(element, choose) {
  choosers.set(element, choose);
}

const inOrder = (one, other) =>
  one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;

document.addEventListener("keydown", (event) => {
  if (!/^[1-9]$/.test(event.key) || !isPlain(event) || isTyping(event)) return;
  const onPage = [...choosers.keys()].filter((each) => each.isConnected).sort(inOrder);
  const element = onPage.find((each) => each.matches(":focus-within")) ?? onPage[0];
  if (element && choosers.get(element)(Number(event.key) - 1)) event.preventDefault();
});
