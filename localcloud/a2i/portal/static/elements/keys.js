// Which key presses are shortcuts, and which belong to what has the focus.

const TYPING = "input:not([type=radio], [type=checkbox], [type=button]), textarea, select";
const PRESSING = "button, a[href], summary, input[type=button]";

const origin = (event) => event.composedPath()[0];
const within = (event, selector) =>
  origin(event) instanceof Element && origin(event).closest(selector) !== null;

const isEditable = (event) =>
  origin(event) instanceof HTMLElement && origin(event).isContentEditable;

export const isTyping = (event) => within(event, TYPING) || isEditable(event);

/** Whether Enter starts a new line where the focus is. */
export const isMultiline = (event) => within(event, "textarea") || isEditable(event);

export const isPressing = (event) => within(event, PRESSING);

export const isPlain = (event) =>
  !(event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing
    || event.defaultPrevented || isReading());

const OPENING = "full-instructions, crowd-instructions, crowd-modal, worker-comment";
const isReading = () =>
  [...document.querySelectorAll(OPENING)].some((each) => each.isOpen);
