// What is drawn, what was drawn before, and what was undone. A change is a new value, never a changed one.
import { short } from "./places.js";

export class History {
  constructor(text, blank) {
    const given = JSON.parse(text || "{}");
    this.blank = blank;
    this.now = { ...blank, ...given };
    this.past = [];
    this.future = [];
    this.listeners = [];
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  set(part) {
    this.past.push(this.now);
    this.future = [];
    this.show(part);
  }

  // While a finger moves nothing is kept; the first move keeps what was before, the last tells the page.
  show(part, settled = true) {
    this.now = { ...this.now, ...part };
    for (const listener of this.listeners) listener(settled);
  }

  keep() {
    this.past.push(this.now);
    this.future = [];
  }

  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }

  step(from, to) {
    if (!from.length) return false;
    to.push(this.now);
    this.show(from.pop());
    return true;
  }

  change(at, part) {
    this.set({ doodles: this.changed(at, part) });
  }

  changed(at, part) {
    return this.now.doodles.map((one, index) => (index === at ? tidy({ ...one, ...part }) : one));
  }

  get isBlank() {
    return !this.now.doodles.length && !this.now.strokes.length && !this.now.note;
  }

  get text() {
    return this.isBlank ? "" : JSON.stringify(this.now);
  }
}

export function tidy(doodle) {
  const { code, x, y, size, turn, grade, count } = doodle;
  const told = { code, x: short(x), y: short(y), size: short(size) };
  if (short(turn ?? 0)) told.turn = short(turn);
  if (grade != null) told.grade = grade;
  if (count != null) told.count = count;
  return told;
}

export function mirrored(drawing, flip) {
  return {
    doodles: drawing.doodles.map((one) => tidy({ ...one, x: flip * one.x, turn: flip * (one.turn ?? 0) })),
    strokes: drawing.strokes.map((stroke) => stroke.map(([x, y]) => [short(flip * x), y])),
  };
}
