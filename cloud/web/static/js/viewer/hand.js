// Mouse, wheel, fingers and pen on the stage.
const WHEEL_PIXELS = 50; // of scrolling are one slice
const NEAR = 14; // pixels from a point to grip it

export function hand(pane) {
  const { stage } = pane;
  const down = new Map();
  let wheeled = 0;
  let pinch = null;
  let gripped = null;

  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    if (event.ctrlKey || pane.count < 2) return zoom(event.clientX, event.clientY, Math.exp(-event.deltaY / 400));
    wheeled += event.deltaMode ? event.deltaY * WHEEL_PIXELS : event.deltaY;
    const steps = Math.trunc(wheeled / WHEEL_PIXELS);
    wheeled -= steps * WHEEL_PIXELS;
    if (steps) pane.go(pane.wanted + steps);
  }, { passive: false });

  stage.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    stage.setPointerCapture(event.pointerId);
    down.set(event.pointerId, event);
    if (down.size === 2) return void ((pinch = spread()), pane.marks.begin(null));
    if (event.pointerType === "mouse") stage.focus({ preventScroll: true });
    if (!["pan", "shade"].includes(pane.tool)) return pane.marks.press(pane.toPicture(event.clientX, event.clientY));
    gripped = pane.writes && pane.tool === "pan" ? pane.marks.grip(event.clientX, event.clientY, NEAR) : null;
  });

  stage.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return pane.marks.hover(pane.toPicture(event.clientX, event.clientY));
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    down.set(event.pointerId, event);
    if (pinch) return pinched();
    if (gripped) return pane.marks.pull(gripped, pane.toPicture(event.clientX, event.clientY));
    if (pane.tool === "pan") return drag(dx, dy);
    if (pane.tool === "shade") return pane.drag(dx, dy);
    pane.marks.hover(pane.toPicture(event.clientX, event.clientY), true);
  });

  const up = (event) => {
    if (!down.delete(event.pointerId)) return;
    if (pinch) return void (down.size < 2 && (pinch = null));
    if (gripped) pane.marks.settle();
    else if (!["pan", "shade"].includes(pane.tool)) pane.marks.release(pane.toPicture(event.clientX, event.clientY));
    gripped = null;
  };
  stage.addEventListener("pointerup", up);
  stage.addEventListener("pointercancel", up);
  stage.addEventListener("dblclick", () => pane.tool === "pan" && pane.change((v) => ({ ...v, scale: 1, x: 0, y: 0 })));
  stage.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && pane.marks.place()) event.preventDefault();
    if (event.key === "Escape") pane.marks.begin(null);
  });

  function drag(dx, dy) {
    pane.change((v) => ({ ...v, x: v.x + dx / stage.clientWidth, y: v.y + dy / stage.clientHeight }));
  }

  // What is under the pointer stays there.
  function zoom(clientX, clientY, factor) {
    const box = stage.getBoundingClientRect();
    const [px, py] = [(clientX - box.left) / box.width - 0.5, (clientY - box.top) / box.height - 0.5];
    pane.change((v) => ({ ...v, scale: v.scale * factor, x: px - (px - v.x) * factor, y: py - (py - v.y) * factor }));
  }

  function spread() {
    const [a, b] = [...down.values()];
    return { far: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY), x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 };
  }

  function pinched() {
    const now = spread();
    drag(now.x - pinch.x, now.y - pinch.y);
    zoom(now.x, now.y, now.far / (pinch.far || 1));
    pinch = now;
  }
}
