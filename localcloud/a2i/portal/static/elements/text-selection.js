// The browser's own selection, as offsets of the text in an element.

// What the button at the bottom of a task page covers.
const SUBMIT_STRIP = 80;

/** What is selected in an element of a shadow root; undefined when that is not in it. */
export function rangeIn(element) {
  const root = element.getRootNode();
  // Chromium before 137 knows only the first, Firefox before 142 only the last.
  const selection = root.getSelection?.() ?? document.getSelection();
  const [composed] = selection.getComposedRanges?.({ shadowRoots: [root] }) ?? [];
  const range = composed ?? (selection.rangeCount > 0 ? selection.getRangeAt(0) : undefined);
  return range && element.contains(range.startContainer) && element.contains(range.endContainer)
    ? range : undefined;
}

/** A range as the span of the element's text. */
export function spanIn(element, { startContainer, startOffset, endContainer, endOffset }) {
  return {
    start: lengthUpTo(element, startContainer, startOffset),
    end: lengthUpTo(element, endContainer, endOffset),
  };
}

/** Have the browser show a span as selected; without a span, nothing. */
export function selectIn(element, span) {
  const selection = document.getSelection();
  if (!span) {
    if (rangeIn(element)) selection.removeAllRanges();
    return;
  }
  const { startContainer, startOffset, endContainer, endOffset } = rangeOf(element, span);
  selection.setBaseAndExtent(startContainer, startOffset, endContainer, endOffset);
}

/** Scroll to a span; `covered` pixels at the top of the page are under something else. */
export function reveal(element, span, covered) {
  const { top, bottom } = rangeOf(element, span).getBoundingClientRect();
  const floor = window.innerHeight - SUBMIT_STRIP;
  if (top < covered) window.scrollBy(0, top - covered);
  else if (bottom > floor) window.scrollBy(0, bottom - floor);
}

/** The word nearest to a span in the line of text below it, or above. */
export function wordOnNextLine(element, words, span, down) {
  const from = rangeOf(element, span).getBoundingClientRect();
  const others = words.filter((each) => (down ? each.start >= span.end : each.end <= span.start));
  let line;
  let nearest;
  for (const word of down ? others : others.reverse()) {
    const rect = rangeOf(element, word).getBoundingClientRect();
    const beyond = down ? rect.top >= from.bottom - 2 : rect.bottom <= from.top + 2;
    if (!beyond) continue;
    line ??= rect;
    if (down ? rect.top >= line.bottom - 2 : rect.bottom <= line.top + 2) break;
    const distance = Math.abs(rect.left + rect.right - from.left - from.right);
    if (!nearest || distance < nearest.distance) nearest = { word, distance };
  }
  return nearest?.word;
}

function lengthUpTo(element, container, offset) {
  const before = document.createRange();
  before.setStart(element, 0);
  before.setEnd(container, offset);
  return before.toString().length;
}

function rangeOf(element, { start, end }) {
  const range = document.createRange();
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let offset = 0;
  let begun = false;
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const { length } = node.data;
    if (!begun && start < offset + length) {
      range.setStart(node, start - offset);
      begun = true;
    }
    if (begun && end <= offset + length) {
      range.setEnd(node, end - offset);
      return range;
    }
    offset += length;
  }
  return range;
}
