// The signs of a canvas: a listbox one walks with arrows or by typing. Enter places, a click picks for the next tap.
import { swatch } from "./paint.js";

const TYPING_MS = 900;

export function palette(desk, list) {
  const options = desk.canvas.doodles.map((one, at) => option(one, at));
  let typed = "";
  let last = 0;
  list.replaceChildren(...options);
  walk(0);

  function option(one, at) {
    const item = document.createElement("li");
    Object.assign(item, { id: `${desk.id}-sign-${at}`, className: "doodle-option" });
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.append(swatch(desk.shapes, one), Object.assign(document.createElement("span"), { textContent: one.words }));
    item.addEventListener("click", () => (walk(at), desk.pick(desk.picked === one ? null : one)));
    return item;
  }

  function walk(at) {
    options.forEach((item, index) => item.classList.toggle("at-hand", index === at));
    list.dataset.at = at;
    list.setAttribute("aria-activedescendant", options[at].id);
    if (list.matches(":focus-visible")) options[at].scrollIntoView({ block: "nearest" });
  }

  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = Number(list.dataset.at);
    const moves = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: options.length - 1 };
    if (event.key in moves) walk((moves[event.key] + options.length) % options.length);
    else if (event.key === "Enter" || (event.key === " " && !typed)) desk.placeByKey(desk.canvas.doodles[at]);
    else if (event.key === "Escape") desk.pick(null);
    else if (event.key.length === 1) search(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function search(letter) {
    if (Date.now() - last > TYPING_MS) typed = "";
    last = Date.now();
    typed += letter.toLowerCase();
    const found = desk.canvas.doodles.findIndex((one) => one.words.toLowerCase().startsWith(typed));
    const within = desk.canvas.doodles.findIndex((one) => one.words.toLowerCase().includes(typed));
    if (found >= 0 || within >= 0) walk(found >= 0 ? found : within);
    setTimeout(() => Date.now() - last >= TYPING_MS && (typed = ""), TYPING_MS + 10);
  }

  return () => options.forEach((item, at) => item.setAttribute("aria-selected", String(desk.canvas.doodles[at] === desk.picked)));
}
