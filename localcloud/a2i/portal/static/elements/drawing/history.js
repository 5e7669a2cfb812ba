// What was drawn, step by step, to go back and forth in. A state is never changed, only replaced.

const LONGEST = 100;

export class History {
  #past = [];
  #future = [];
  #tag;

  constructor(present) {
    this.present = present;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** Take a step. Steps in a row with one `tag` are one step, as when a key is held down. */
  push(state, tag) {
    if (!tag || tag !== this.#tag) this.#past = [...this.#past, this.present].slice(-LONGEST);
    this.#future = [];
    this.#tag = tag;
    this.present = state;
  }

  undo() {
    if (!this.canUndo) return;
    this.#future.push(this.present);
    this.present = this.#past.pop();
    this.#tag = undefined;
  }

  redo() {
    if (!this.canRedo) return;
    this.#past.push(this.present);
    this.present = this.#future.pop();
    this.#tag = undefined;
  }

  /** Forget the last steps, back to a state that `isWanted`. */
  rewind(isWanted) {
    if (isWanted(this.present)) return;
    while (!isWanted(this.present) && this.canUndo) this.present = this.#past.pop();
    this.#future = [];
    this.#tag = undefined;
  }
}
