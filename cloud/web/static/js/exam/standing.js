// The record as the server says it stands, shown around the cells: marks, differences, derived lines, findings.
import { cells, show, tellPicked } from "./cells.js";

const text = (tag, words, name) => Object.assign(document.createElement(tag), { textContent: words, className: name ?? "" });

export function stand(root, state, typing) {
  for (const cell of cells(root)) about(cell, state.items[cell.dataset.place], typing(cell));
  for (const list of root.querySelectorAll("[data-derived]")) derive(list, state.derived[list.dataset.derived] ?? []);
  for (const count of root.querySelectorAll("[data-count]")) counted(count, root, state);
  find(root.querySelector("[data-findings]"), state.findings);
  for (const drawing of root.querySelectorAll(".exam-drawing")) drawn(drawing, state.items[drawing.dataset.place]);
}

function about(cell, item, typing) {
  const box = cell.closest("[data-cell]");
  if (!box) return;
  if (!typing) show(cell, item?.entered ?? "", item?.words);
  if (cell.dataset.kind === "choices") tellPicked(cell);
  box.dataset.origin = item?.origin ?? "";
  box.classList.toggle("is-copied", item?.copied ?? false);
  box.classList.toggle("is-wrong", Boolean(item?.problem));
  box.classList.toggle("is-unable", Boolean(item && item.quality !== "ok"));
  mark(box.querySelector("[data-mark]"), item);
  difference(box.querySelector("[data-diff]"), item?.difference);
  box.querySelector("[data-problem]").textContent = typing ? "" : (item?.problem ?? "");
  cell.setAttribute("aria-invalid", item?.problem ? "true" : "false");
}

function mark(place, item) {
  place.replaceChildren();
  if (!item?.mark) return;
  place.append(text("span", item.mark.sign, "mark-sign"), text("span", item.mark.words, "mark-words"));
  place.title = item.mark.words;
  if (item.copied) place.append(Object.assign(text("button", item.mark.confirm, "btn-holds"), { type: "button" }));
}

function difference(place, found) {
  place.textContent = found?.words ?? "";
  place.classList.toggle("is-beyond", found?.beyond ?? false);
  if (found?.title) place.title = found.title;
}

function derive(list, lines) {
  list.replaceChildren(...lines.map(line));
}

function line(one) {
  const item = text("li", "", one.warnings.length ? "derived-warns" : "");
  item.append(text("span", one.title, "derived-title"), text("span", one.text, "derived-value"), text("span", one.rule, "derived-rule"));
  for (const warning of one.warnings) item.append(text("span", warning, "derived-warning"));
  return item;
}

function counted(count, root, state) {
  const group = root.querySelector(`section#${count.dataset.count}`);
  const here = cells(group).filter((cell) => state.items[cell.dataset.place]).length;
  count.textContent = here || "";
}

// What is merely not recorded yet is one line, each part of it a way there.
function find(list, findings) {
  const missing = findings.filter((one) => one.missing);
  list.replaceChildren(...(missing.length ? [missed(list, missing)] : []), ...findings.filter((one) => !one.missing).map((one) => finding(list, one)));
  if (!findings.length) list.append(text("li", list.dataset.saysNone, "quiet"));
}

function missed(list, missing) {
  const item = text("li", "", "finding finding-missing");
  item.append(text("strong", list.dataset.saysMissing), " ");
  missing.forEach((one, at) => {
    const title = document.getElementById(`title-${one.missing}`)?.querySelector("button")?.childNodes;
    const words = [...(title ?? [])].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent.trim()).join("");
    item.append(at ? ", " : "", Object.assign(text("a", words || one.text), { href: `#${one.missing}.1.` }));
  });
  return item;
}

function finding(list, one) {
  const item = text("li", "", `finding finding-${one.level}`);
  const lead = { refuse: list.dataset.saysRefuse, reason: list.dataset.saysReason, remark: list.dataset.saysRemark }[one.level];
  item.append(text("strong", lead), " ");
  item.append(one.place ? Object.assign(text("a", one.text), { href: `#${one.place}` }) : one.text);
  return item;
}

function drawn(drawing, item) {
  const place = drawing.querySelector("[data-drawn]");
  place.textContent = item?.words || place.dataset.saysNone;
}
