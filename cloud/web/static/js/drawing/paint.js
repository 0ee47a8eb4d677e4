// Doodles and strokes on the server's diagram. Everything stands in the right eye's group, which the server mirrored.
import { side, sign } from "./places.js";

const SVG = "http://www.w3.org/2000/svg";

export function make(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const shapeOf = (shapes, name) => make("use", { href: `${shapes}#${name}` });

export function swatch(shapes, one) {
  const icon = make("svg", { class: `doodle-swatch tint-${one.tint}`, viewBox: "-1.25 -1.25 2.5 2.5", "aria-hidden": "true" });
  icon.append(shapeOf(shapes, one.shape));
  return icon;
}

export class Paper {
  constructor(svg, canvas, eye, shapes) {
    Object.assign(this, { svg, canvas, shapes, flip: side(canvas, eye) });
    this.doodles = svg.querySelector("[data-doodles]");
    this.strokes = svg.querySelector("[data-strokes]");
    this.labels = svg.querySelector("[data-labels]");
    this.handles = svg.appendChild(make("g", { class: "drawing-handles" }));
  }

  paint(drawing, chosen) {
    this.doodles.replaceChildren(...drawing.doodles.map((one, at) => this.doodle(one, at, at === chosen)));
    this.strokes.replaceChildren(...drawing.strokes.map((one, at) => this.stroke(one, at)));
    this.labels.replaceChildren(...drawing.doodles.flatMap((one) => this.label(one)));
    this.handles.replaceChildren(...(drawing.doodles[chosen] ? this.grips(drawing.doodles[chosen]) : []));
  }

  doodle(one, at, chosen) {
    const known = sign(this.canvas, one.code);
    const group = make("g", { class: `doodle tint-${known.tint}`, "data-at": at, transform: this.placed(known, one) });
    const reach = Math.max(1, 0.055 / one.size);
    if (!known.whole) group.append(make("circle", { r: reach, class: "doodle-reach" }));
    group.append(shapeOf(this.shapes, known.shape));
    if (chosen) group.append(make("circle", { r: reach + 0.04 / one.size, class: "doodle-ring", "stroke-width": 0.014 / one.size, "stroke-dasharray": `${0.05 / one.size}` }));
    return group;
  }

  turnOf(known, one) {
    const [x, y] = [this.flip * one.x, one.y];
    return this.flip * (one.turn ?? 0) + (known.aim ? (Math.atan2(-y, x) * 180) / Math.PI : 0);
  }

  placed(known, one) {
    return `translate(${this.flip * one.x * 100} ${-one.y * 100}) rotate(${this.turnOf(known, one)}) scale(${one.size * 100})`;
  }

  stroke(points, at) {
    return make("polyline", { "data-stroke": at, points: points.map(([x, y]) => `${this.flip * x * 100},${-y * 100}`).join(" ") });
  }

  label(one) {
    const mark = one.grade != null ? `${one.grade}` : one.count ? `×${one.count}` : "";
    if (!mark) return [];
    const place = { x: one.x * 100 + one.size * 72, y: -one.y * 100 - one.size * 72 };
    return [make("text", { ...place, "font-size": 9, "font-weight": 600, fill: "currentColor" }, mark)];
  }

  grips(one) {
    const known = sign(this.canvas, one.code);
    const [x, y, reach] = [one.x * 100, -one.y * 100, Math.max(one.size * 100, 5.5) + 9];
    const across = Math.min(x + reach * 0.75, 118);
    const above = Math.max(y - reach, -118);
    const grips = [grip("size", across, Math.min(y + reach * 0.75, 118))];
    if (!known.whole) grips.push(make("line", { class: "grip-stem", x1: x, y1: y, x2: x, y2: above }), grip("turn", x, above));
    return grips;
  }

  // From a pointer to the unit circle as the examiner sees it.
  point(event) {
    const seen = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return { x: seen.x / 100, y: -seen.y / 100 };
  }
}

function grip(kind, x, y) {
  const mark = kind === "size" ? "M-3 -3L3 3M3 0V3H0M-3 0V-3H0" : "M-3 1A3 3 0 1 1 1 3M1 3l2.500 -1.500M1 3l-.5 -2.800";
  return make("g", { class: "grip", "data-grip": kind, transform: `translate(${x} ${y})` },
    make("circle", { r: 11, class: "grip-reach" }), make("circle", { r: 6.5 }), make("path", { d: mark }));
}
