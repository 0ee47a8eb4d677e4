// Marks beside one picture: what is drawn, what was drawn before, what has been saved. Points are fractions.
import { measured, pointsOf } from "./measure.js";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 0.005;
const same = (a, b) => a.shape === b.shape && a.frame === b.frame && a.words === b.words && String(a.points) === String(b.points);

export class Marks {
  constructor(pane, saved) {
    Object.assign(this, { pane, saved, all: saved, past: [], future: [], fresh: null, pulled: null, chosen: null });
    this.svg = pane.element.querySelector(".pane-marks");
    this.list = pane.element.querySelector(".pane-list");
    this.list.addEventListener("keydown", (event) => this.listKey(event));
    this.list.addEventListener("click", (event) => this.listClick(event));
  }

  get changed() {
    const { add, end } = this.difference();
    return add.length + end.length > 0;
  }

  // What the record has to hear: a mark that was moved is a new one, and the old one ends.
  difference() {
    const kept = (one) => this.all.some((other) => other.id === one.id && same(one, other));
    const old = (one) => this.saved.some((other) => other.id === one.id && same(one, other));
    const plain = ({ shape, frame, points, words }) => ({ shape, frame, points, words });
    return { add: this.all.filter((one) => !old(one)).map(plain), end: this.saved.filter((one) => !kept(one)).map((one) => one.id) };
  }

  // What the record has now; what was drawn or taken away since it was ``sent`` there stays to be saved.
  kept(marks, sent) {
    const later = this.all.filter((one) => !sent.includes(one));
    const gone = sent.filter((one) => !this.all.includes(one));
    const left = marks.filter((one) => !gone.some((other) => same(one, other)));
    Object.assign(this, { saved: marks, all: [...left, ...later], past: [], future: [], chosen: null });
    this.show();
  }

  set(all) {
    this.past.push(this.all);
    this.future = [];
    this.all = all;
    this.changedNow();
  }

  undo() {
    this.move(this.past, this.future);
  }

  redo() {
    this.move(this.future, this.past);
  }

  move(from, to) {
    if (!from.length) return;
    to.push(this.all);
    this.all = from.pop();
    this.changedNow();
  }

  changedNow() {
    this.show();
    this.pane.desk.changed();
  }

  begin(shape) {
    this.fresh = shape;
    this.show();
  }

  // The first press begins; dragging places the second point; an angle takes a third press.
  press(point) {
    if (this.fresh) {
      this.fresh.points[this.fresh.points.length - 1] = point;
      this.fresh.points.push(point);
      if (this.fresh.points.length > pointsOf(this.fresh.shape)) this.fresh.points.pop();
      return this.show();
    }
    this.fresh = { shape: this.pane.tool, frame: this.pane.wanted, points: [point, point], words: "" };
    if (this.fresh.shape === "text") this.fresh.points.pop();
    this.show();
  }

  hover(point) {
    if (!this.fresh || this.fresh.shape === "text") return;
    this.fresh.points[this.fresh.points.length - 1] = point;
    this.show();
  }

  release(point) {
    const { fresh } = this;
    if (!fresh) return;
    const [from] = fresh.points;
    const still = Math.hypot((point[0] - from[0]) * this.pane.width, (point[1] - from[1]) * this.pane.height) < 2;
    if (fresh.shape === "text") return this.finish();
    fresh.points[fresh.points.length - 1] = point;
    if (fresh.points.length === 2 && still) return;
    if (fresh.points.length < pointsOf(fresh.shape)) return void fresh.points.push(point);
    this.finish();
  }

  // With keys alone: a mark in the middle, then its points are moved in the list.
  place() {
    const { tool, wanted } = this.pane;
    if (["pan", "shade"].includes(tool)) return false;
    const points = [[0.4, 0.5], [0.6, 0.5], [0.6, 0.4]].slice(0, pointsOf(tool));
    if (tool === "ellipse") points[1] = [0.6, 0.7];
    this.fresh = { shape: tool, frame: wanted, points, words: "" };
    this.finish(true);
    return true;
  }

  async finish(byKey = false) {
    const mark = this.fresh;
    this.fresh = null;
    if (mark.shape === "text") mark.words = await this.pane.desk.ask();
    this.pane.desk.drawn();
    if (mark.shape === "text" && !mark.words) return this.show();
    this.chosen = { at: this.all.length, point: mark.points.length - 1 };
    this.set([...this.all, mark]);
    if (byKey) this.list.querySelectorAll(".mark-line").item(this.here().indexOf(mark))?.focus();
  }

  here() {
    return this.all.filter((one) => one.frame === this.pane.wanted);
  }

  grip(clientX, clientY, near) {
    const box = this.pane.stage.getBoundingClientRect();
    for (const [at, mark] of this.all.entries()) {
      if (mark.frame !== this.pane.wanted) continue;
      for (const [point, place] of mark.points.entries()) {
        const [x, y] = this.pane.toStage(place);
        if (Math.hypot(x - (clientX - box.left), y - (clientY - box.top)) < near) return (this.pulled = this.all), { at, point };
      }
    }
    return null;
  }

  pull(gripped, place) {
    this.all = this.moved(gripped, place);
    this.chosen = gripped;
    this.show();
  }

  settle() {
    if (this.pulled && this.pulled !== this.all) {
      this.past.push(this.pulled);
      this.future = [];
    }
    this.pulled = null;
    this.changedNow();
  }

  moved({ at, point }, place) {
    return this.all.map((one, n) => (n === at ? { ...one, points: one.points.map((p, m) => (m === point ? place : p)) } : one));
  }

  remove(mark) {
    this.chosen = null;
    this.set(this.all.filter((one) => one !== mark));
  }

  listClick(event) {
    const line = event.target.closest(".mark-line");
    if (!line) return;
    const mark = this.all[Number(line.dataset.at)];
    if (event.target.closest("[data-removes]")) return this.remove(mark);
    this.chosen = { at: Number(line.dataset.at), point: 0 };
    this.pane.go(mark.frame);
    this.show();
  }

  listKey(event) {
    const at = Number(event.target.closest(".mark-line")?.dataset.at ?? NaN);
    const mark = this.all[at];
    if (!mark || !this.pane.writes) return;
    const step = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    const point = this.chosen?.at === at ? this.chosen.point : 0;
    if (event.key === "Delete") this.remove(mark);
    else if (event.key === " ") this.chosen = { at, point: (point + 1) % mark.points.length };
    else if (step) this.nudge(at, point, mark.points[point], step);
    else return;
    event.preventDefault();
    this.show();
    this.list.querySelector(`[data-at="${Math.min(at, this.all.length - 1)}"]`)?.focus();
  }

  nudge(at, point, [x, y], [dx, dy]) {
    const within = (value) => Math.min(1, Math.max(0, value));
    this.chosen = { at, point };
    this.set(this.moved({ at, point }, [within(x + dx), within(y + dy)]));
  }

  words(mark) {
    return [this.pane.desk.words.shapes[mark.shape], measured(mark, this.pane), mark.words].filter(Boolean).join(" ");
  }

  show() {
    if (!this.pane.width) return;
    const drawn = [...this.all.entries()].filter(([, mark]) => mark.frame === this.pane.wanted);
    this.svg.replaceChildren(...drawn.flatMap(([at, mark]) => this.draw(mark, this.chosen?.at === at ? this.chosen.point : null)), ...(this.fresh ? this.draw(this.fresh, null) : []));
    this.list.hidden = !this.all.length;
    this.list.querySelector("ul").replaceChildren(...[...this.all.entries()].map(([at, mark]) => this.line(at, mark)));
  }

  line(at, mark) {
    const line = Object.assign(document.createElement("li"), { className: "mark-line", tabIndex: 0 });
    line.dataset.at = at;
    const place = this.pane.count > 1 ? ` · ${mark.frame + 1}` : "";
    line.append(Object.assign(document.createElement("span"), { textContent: this.words(mark) + place }));
    if (this.pane.writes) {
      const remove = Object.assign(document.createElement("button"), { className: "btn-close", type: "button", ariaLabel: this.words(mark) });
      remove.dataset.removes = "";
      line.append(remove);
    }
    return line;
  }

  draw(mark, point) {
    const places = mark.points.map((one) => this.pane.toStage(one));
    const path = make("path", { d: outline(mark, places, (one) => this.pane.toStage(one)), class: `mark-${mark.shape}` });
    const grips = places.map(([cx, cy], at) => make("circle", { cx, cy, r: at === point ? 6 : 3.5, class: "mark-grip" }));
    const text = [measured(mark, this.pane), mark.words].filter(Boolean).join(" ");
    const [x, y] = mark.shape === "arrow" ? places[0] : places.at(-1);
    const label = make("text", { x: x + 9, y: y - 7 });
    label.textContent = text;
    return [make("path", { d: path.getAttribute("d"), class: "mark-halo" }), path, ...(mark.shape === "text" ? [] : grips), ...(text ? [label] : [])];
  }
}

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

const joined = (places) => places.map(([x, y], at) => `${at ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

function outline(mark, places, toStage) {
  if (mark.shape === "ellipse") return `${joined(round(mark.points).map(toStage))}Z`;
  if (mark.shape === "arrow") return joined(places) + head(places);
  return joined(places);
}

// The ellipse in the box between two corners.
function round([[x1, y1], [x2, y2]]) {
  const turns = Array.from({ length: 48 }, (_, n) => (n / 48) * 2 * Math.PI);
  return turns.map((t) => [(x1 + x2) / 2 + (Math.cos(t) * (x2 - x1)) / 2, (y1 + y2) / 2 + (Math.sin(t) * (y2 - y1)) / 2]);
}

function head([[x1, y1], [x2, y2]]) {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const barb = (turn) => [x2 - 12 * Math.cos(angle + turn), y2 - 12 * Math.sin(angle + turn)];
  return joined([barb(0.45), [x2, y2], barb(-0.45)]);
}
