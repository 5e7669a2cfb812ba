// What mouse, pen and fingers do to a surface: one finger draws, two zoom and move.

const WHEEL_STEP = 1.0015;

export class Gestures {
  #surface;
  #view;
  #hand;
  #pointers = new Map();
  #doing = "nothing";
  #ending = new AbortController();

  /**
   * @param hand who draws: `press(spot)` says whether it takes the press (else the image is moved),
   *   then come `drag(spot)` and `release(spot)`, or `abandon()`; `hover(spot)` when nothing is
   *   pressed, `viewed()` when the view is another. A spot is a point of the surface.
   */
  constructor(surface, view, hand) {
    this.#surface = surface;
    this.#view = view;
    this.#hand = hand;
    const listen = (type, respond) => {
      surface.addEventListener(type, respond, { passive: false, signal: this.#ending.signal });
    };
    listen("pointerdown", (event) => this.#down(event));
    listen("pointermove", (event) => this.#move(event));
    listen("pointerup", (event) => this.#up(event));
    listen("pointercancel", (event) => this.#cancel(event));
    listen("wheel", (event) => this.#wheel(event));
  }

  end() {
    this.#ending.abort();
  }

  #down(event) {
    const spot = this.#spot(event);
    this.#surface.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, spot);
    if (this.#pointers.size > 1) {
      if (this.#doing === "draw") this.#hand.abandon();
      this.#doing = this.#pointers.size === 2 ? "pinch" : "nothing";
    } else {
      this.#doing = event.button === 0 && this.#hand.press(spot) ? "draw" : "pan";
    }
  }

  #move(event) {
    const spot = this.#spot(event);
    const before = this.#pointers.get(event.pointerId);
    if (!before) {
      this.#hand.hover(spot);
      return;
    }
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, spot);
    if (this.#doing === "draw") {
      this.#hand.drag(spot);
    } else if (this.#doing === "pan") {
      this.#view.pan(spot.x - before.x, spot.y - before.y);
      this.#hand.viewed();
    } else if (this.#doing === "pinch" && other) {
      this.#pinch(before, spot, other);
    }
  }

  #pinch(before, spot, other) {
    this.#view.pan((spot.x - before.x) / 2, (spot.y - before.y) / 2);
    const middle = { x: (spot.x + other.x) / 2, y: (spot.y + other.y) / 2 };
    this.#view.zoomBy(distance(spot, other) / Math.max(distance(before, other), 1), middle);
    this.#hand.viewed();
  }

  #up(event) {
    this.#pointers.delete(event.pointerId);
    if (this.#doing === "draw") this.#hand.release(this.#spot(event));
    this.#doing = "nothing";
  }

  #cancel(event) {
    this.#pointers.delete(event.pointerId);
    if (this.#doing === "draw") this.#hand.abandon();
    this.#doing = "nothing";
  }

  #wheel(event) {
    // With the whole image in view there is nothing to zoom out of, and the page scrolls. Once it
    // does, the browser lets nobody stop it. Ctrl is also what two fingers on a pad are told as.
    const isScroll = event.deltaY >= 0 && this.#view.isWhole && !event.ctrlKey;
    if (isScroll || !event.cancelable) return;
    event.preventDefault();
    this.#view.zoomBy(WHEEL_STEP ** -event.deltaY, this.#spot(event));
    this.#hand.viewed();
  }

  #spot(event) {
    const { left, top } = this.#surface.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}

export const distance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);
