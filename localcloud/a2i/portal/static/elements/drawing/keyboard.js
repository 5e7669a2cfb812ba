// What keys do while the image has the focus.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ZOOM = 1.25;
const PAN = 60;

const COMMANDS = {
  " ": (element) => element.place(),
  enter: (element) => element.finish(),
  escape: (element) => element.cancel(),
  delete: (element) => element.removeSelected(),
  backspace: (element) => (element.isIdle ? element.removeSelected() : element.undo()),
  n: (element) => element.step(1),
  p: (element) => element.step(-1),
  "+": (element) => element.zoomBy(ZOOM),
  "=": (element) => element.zoomBy(ZOOM),
  "-": (element) => element.zoomBy(1 / ZOOM),
  f: (element) => element.fit(),
};

const WITH_CONTROL = {
  z: (element, event) => (event.shiftKey ? element.redo() : element.undo()),
  y: (element) => element.redo(),
};

/** Do what a key says to a drawing element; whether it says anything. */
export function keyed(element, event) {
  if (event.altKey) return false;
  const command = event.ctrlKey || event.metaKey ? commanded(event) : typed(element, event);
  command?.(element, event);
  return command !== undefined;
}

function commanded(event) {
  const [x, y] = ARROWS[event.key] ?? [];
  if (x !== undefined) return (element) => element.pan(-x * PAN, -y * PAN);
  return WITH_CONTROL[event.key.toLowerCase()];
}

function typed(element, event) {
  const [x, y] = ARROWS[event.key] ?? [];
  const length = event.shiftKey ? 1 : element.stride;
  if (x !== undefined) return () => element.nudge(x * length, y * length);
  const key = event.key.toLowerCase();
  const tool = element.tools.find((each) => each[1].toLowerCase() === key);
  if (tool) return () => element.takeTool(tool[0]);
  return element.keys[key] ?? COMMANDS[key];
}
