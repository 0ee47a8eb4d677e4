// One picture on its stage: which slice, from how near, how bright, what is drawn beside it.
import { Depth } from "./depth.js";
import { hand } from "./hand.js";
import { Marks } from "./marks.js";
import { across } from "./places.js";
import { Slices } from "./slices.js";

const PAGE = 10;
const AGAIN_MS = 1000;
const PLAIN = { bright: 100, contrast: 100, inverted: false };
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

export class Pane {
  constructor(element, spec, page, desk) {
    Object.assign(this, { element, spec, desk, writes: page.writes, tool: "pan", shown: -1, wanted: 0 });
    this.stage = element.querySelector(".pane-stage");
    this.sheet = element.querySelector(".pane-sheet");
    this.canvas = element.querySelector("canvas");
    this.slider = element.querySelector(".pane-scroll input");
    this.above = element.querySelector(".above-sheet");
    this.slices = new Slices();
    this.depth = new Depth();
    this.view = { scale: 1, x: 0, y: 0, turn: 0, mirrored: false };
    this.shades = PLAIN;
    this.proportioned = false;
    this.marks = new Marks(this, spec.marks);
    this.take(spec);
    hand(this);
    new ResizeObserver(() => this.fit()).observe(this.stage);
    element.addEventListener("focusin", () => desk.chosen(this));
    element.addEventListener("pointerdown", () => desk.chosen(this), true);
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value) - 1));
    this.aim();
  }

  // What is there by now; asked again until all of it is.
  take(spec) {
    this.spec = { ...this.spec, ...spec, marks: this.spec.marks };
    const first = this.count === undefined;
    this.count = Math.max(this.spec.count, this.spec.frames.length);
    [this.width, this.height] = this.spec.size[0] ? this.spec.size : [this.spec.frames[0]?.width ?? 0, this.spec.frames[0]?.height ?? 0];
    if (first) this.wanted = this.slices.at = this.spec.medium === "volume" ? Math.floor(this.count / 2) : 0;
    this.slices.tell(this.spec.frames);
    this.depth.tell(this.spec);
    this.showParts();
    if (this.slices.has(this.wanted)) this.go(this.wanted, false);
    else if (this.spec.frames.length && this.shown < 0) this.go(this.spec.frames.at(-1).number, false);
    if (!["ready", "failed"].includes(this.spec.state)) setTimeout(() => this.again(), AGAIN_MS);
  }

  async again() {
    try {
      const answer = await fetch(this.spec.state_href, { headers: { Accept: "application/json" } });
      if (answer.ok) return this.take(await answer.json());
    } catch {
      // without a line one waits
    }
    setTimeout(() => this.again(), 5 * AGAIN_MS);
  }

  showParts() {
    const whole = this.count > 0 && this.spec.frames.length === this.count; // prepared once more, and there meanwhile
    this.element.querySelector(".pane-waits").hidden = whole || ["ready", "failed"].includes(this.spec.state);
    this.element.querySelector(".pane-scroll").hidden = this.count < 2;
    this.slider.max = Math.max(this.count, 1);
    const { enface } = this.spec;
    this.element.querySelector(".pane-above").hidden = !enface;
    if (!enface) return;
    const image = this.above.querySelector("img");
    if (image.getAttribute("src") !== enface.href) image.src = enface.href;
    this.element.querySelector(".above-unplaced").hidden = this.spec.placed;
  }

  // Look where another volume is looked at.
  follow(other) {
    this.go(across(other, this), false);
  }

  async go(number, tell = true) {
    this.wanted = clamp(number, 0, Math.max(this.count - 1, 0));
    if (tell) this.desk.scrolled(this);
    this.showPlace();
    if (!this.slices.has(this.wanted)) return;
    const asked = this.wanted;
    const windowed = this.depth.window && (await this.depth.drawn(asked).catch(() => null));
    const bitmap = windowed ?? this.slices.now(asked) ?? (await this.slices.get(asked).catch(() => null));
    this.slices.at = this.wanted;
    this.slices.more();
    if (bitmap && asked === this.wanted) this.paint(bitmap, asked);
  }

  paint(bitmap, number) {
    const { canvas } = this;
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
    const context = canvas.getContext("2d");
    if (bitmap instanceof ImageData) context.putImageData(bitmap, 0, 0);
    else context.drawImage(bitmap, 0, 0);
    if (this.shown < 0) {
      [this.width, this.height] = [bitmap.width, bitmap.height];
      canvas.hidden = false;
      this.sheet.querySelector(".pane-meanwhile")?.remove();
      this.fit();
    }
    this.shown = number;
    this.element.dataset.shown = String(number);
    this.marks.show();
  }

  showPlace() {
    if (this.count < 2) return;
    const words = { volume: "slice", pages: "page" }[this.spec.medium] ?? "frame";
    const text = this.desk.words[words].replace("{number}", this.wanted + 1).replace("{count}", this.count);
    this.slider.value = this.wanted + 1;
    this.slider.setAttribute("aria-valuetext", text);
    this.element.querySelector("output").textContent = text;
    this.above.setAttribute("aria-valuemin", 1);
    this.above.setAttribute("aria-valuemax", this.count);
    this.above.setAttribute("aria-valuenow", this.wanted + 1);
    this.above.setAttribute("aria-valuetext", text);
    this.above.querySelector(".above-line").style.top = `${((this.wanted + 0.5) / this.count) * 100}%`;
  }

  // The line on the picture from above is dragged to the slice it is to show.
  aim() {
    const follow = (event) => {
      const box = this.above.getBoundingClientRect();
      this.go(Math.floor(((event.clientY - box.top) / box.height) * this.count));
    };
    this.above.addEventListener("pointerdown", (event) => {
      this.above.setPointerCapture(event.pointerId);
      follow(event);
    });
    this.above.addEventListener("pointermove", (event) => event.buttons && follow(event));
    this.above.addEventListener("keydown", (event) => this.key(event.key) && event.preventDefault());
  }

  key(key) {
    const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, PageUp: -PAGE, PageDown: PAGE, Home: -Infinity, End: Infinity }[key];
    if (step === undefined || this.count < 2) return false;
    this.go(this.wanted + step);
    return true;
  }

  use(tool) {
    this.tool = tool;
    this.stage.dataset.tool = tool;
    this.marks.begin(null);
  }

  focus() {
    this.stage.focus();
  }

  // Rows may be nearer to each other than columns; in true proportions a millimetre is as long either way.
  get stretch() {
    const { pixel_mm: mm } = this.spec;
    return this.proportioned && mm ? mm[0] / mm[1] : 1;
  }

  proportion(on) {
    this.proportioned = on && Boolean(this.spec.pixel_mm);
    this.fit();
  }

  get fitting() {
    const turned = this.view.turn % 180 !== 0;
    const [wide, high] = turned ? [this.height * this.stretch, this.width] : [this.width, this.height * this.stretch];
    return Math.min(this.stage.clientWidth / (wide || 1), this.stage.clientHeight / (high || 1));
  }

  // The scale of the view at which a pixel of the picture is one of the screen.
  get actual() {
    return 1 / this.fitting;
  }

  // From fractions of the picture to the stage.
  get matrix() {
    const { scale, x, y, turn, mirrored } = this.view;
    const [wide, high] = [this.stage.clientWidth, this.stage.clientHeight];
    const grown = this.fitting * scale;
    return new DOMMatrix()
      .translate(wide / 2 + x * wide, high / 2 + y * high)
      .rotate(turn)
      .scale(grown * (mirrored ? -1 : 1), grown * this.stretch)
      .translate(-this.width / 2, -this.height / 2);
  }

  toStage([x, y]) {
    const found = this.matrix.transformPoint({ x: x * this.width, y: y * this.height });
    return [found.x, found.y];
  }

  toPicture(clientX, clientY) {
    const box = this.stage.getBoundingClientRect();
    const found = this.matrix.inverse().transformPoint({ x: clientX - box.left, y: clientY - box.top });
    return [clamp(found.x / this.width, 0, 1), clamp(found.y / this.height, 0, 1)];
  }

  fit() {
    if (!this.width) return;
    Object.assign(this.canvas.style, { width: `${this.width}px`, height: `${this.height}px` });
    this.sheet.style.transform = this.matrix.toString();
    this.marks.show();
  }

  change(how) {
    this.look(how(this.view));
    this.desk.moved(this);
  }

  look(view) {
    this.view = { ...view, scale: clamp(view.scale, 0.2, 40), x: clamp(view.x, -8, 8), y: clamp(view.y, -8, 8) };
    this.fit();
  }

  // Black and white of a picture deeper than the screen, in its own values; null is as prepared.
  async open(window) {
    this.depth.window = window;
    await this.go(this.wanted, false);
    this.element.dataset.window = window ? window.map(Math.round).join(" ") : "";
    this.desk.shaded();
  }

  async openAllThatOccurs() {
    this.open(await this.depth.occurs(this.wanted));
  }

  // Dragging moves the window where there is one to move: up is brighter, to the right is more contrast.
  drag(dx, dy) {
    if (!this.depth.there) {
      return this.shade({ ...this.shades, bright: this.shades.bright - dy / 2, contrast: this.shades.contrast + dx / 2 });
    }
    const [low, high] = this.depth.window ?? this.spec.window ?? this.depth.about.span;
    const step = (this.depth.about.span[1] - this.depth.about.span[0]) / 1000;
    const [middle, wide] = [(low + high) / 2 + dy * step, Math.max(high - low - 2 * dx * step, step)];
    return this.open([middle - wide / 2, middle + wide / 2]);
  }

  shade(shades) {
    this.shades = { ...shades, bright: clamp(shades.bright, 20, 300), contrast: clamp(shades.contrast, 20, 400) };
    const { bright, contrast, inverted } = this.shades;
    this.canvas.style.filter = `${inverted ? "invert(1) " : ""}brightness(${bright}%) contrast(${contrast}%)`;
  }
}
