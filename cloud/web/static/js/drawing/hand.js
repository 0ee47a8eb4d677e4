// Mouse, finger and pen on the sheet: place, move, resize, turn, draw, rub out.
import { clamp, short } from "./places.js";
import { tidy } from "./history.js";

const EDGE = 1.2;
const STEP = 0.012;
const RUB = 0.05;
const ERASER = 32;

export function hand(desk) {
  const { paper, history } = desk;
  let move = null;
  let moved = false;

  paper.svg.addEventListener("pointerdown", (event) => {
    if (event.button > 0 && event.pointerType !== "pen") return;
    event.preventDefault();
    paper.svg.setPointerCapture(event.pointerId);
    moved = false;
    move = begin(event, paper.point(event));
  });

  paper.svg.addEventListener("pointermove", (event) => {
    if (!move) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) carry(paper.point(one));
  });

  const end = () => {
    if (move && moved) history.show({});
    move = null;
  };
  paper.svg.addEventListener("pointerup", end);
  paper.svg.addEventListener("pointercancel", end);

  function carry(point) {
    const part = move(point);
    if (!part) return;
    if (!moved) history.keep();
    moved = true;
    history.show(part, false);
  }

  function begin(event, start) {
    if (desk.tool === "rub" || (event.pointerType === "pen" && event.buttons & ERASER)) return rubbing(start);
    if (desk.tool === "pen") return drawing(start);
    const grip = event.target.closest("[data-grip]")?.dataset.grip;
    if (grip) return grip === "size" ? resizing() : turning();
    const hit = event.target.closest("[data-at]");
    if (hit) return taking(Number(hit.dataset.at), start);
    if (!desk.picked) return desk.choose(null);
    desk.place(short(clamp(start.x, -EDGE, EDGE)), short(clamp(start.y, -EDGE, EDGE)));
    return taking(history.now.doodles.length - 1, start, true);
  }

  function taking(at, start, fresh = false) {
    desk.choose(at);
    const { x, y, code } = history.now.doodles[at];
    if (desk.sign(code).whole) return null;
    if (fresh) moved = false;
    return (point) => Math.hypot(point.x - start.x, point.y - start.y) > STEP || moved
      ? { doodles: history.changed(at, { x: clamp(x + point.x - start.x, -EDGE, EDGE), y: clamp(y + point.y - start.y, -EDGE, EDGE) }) }
      : null;
  }

  function resizing() {
    const one = history.now.doodles[desk.chosen];
    return (point) => ({ doodles: history.changed(desk.chosen, { size: clamp(Math.hypot(point.x - one.x, point.y - one.y) / 1.06 - 0.09, 0.01, 1) }) });
  }

  function turning() {
    const one = history.now.doodles[desk.chosen];
    return (point) => ({ doodles: history.changed(desk.chosen, { turn: Math.round((Math.atan2(point.x - one.x, point.y - one.y) * 180) / Math.PI) }) });
  }

  function drawing(start) {
    const line = [[short(start.x), short(start.y)]];
    const before = history.now.strokes;
    return (point) => {
      const [x, y] = line.at(-1);
      if (Math.hypot(point.x - x, point.y - y) < STEP || line.length > 1900) return null;
      line.push([short(clamp(point.x, -EDGE, EDGE)), short(clamp(point.y, -EDGE, EDGE))]);
      return { strokes: [...before, [...line]] };
    };
  }

  function rubbing(start) {
    const rub = (point) => {
      const left = history.now.strokes.filter((stroke) => !stroke.some(([x, y]) => Math.hypot(point.x - x, point.y - y) < RUB));
      return left.length < history.now.strokes.length ? { strokes: left } : null;
    };
    move = rub;
    carry(start);
    return rub;
  }
}

export const fresh = (one, x, y) => tidy({ code: one.code, x: one.whole ? 0 : x, y: one.whole ? 0 : y, size: one.size });
