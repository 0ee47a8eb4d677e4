// A diagnosis is looked up as it is typed and chosen from a list; free text is no diagnosis.
const PAUSE_MS = 120;
let asked = 0;

export function lookUp(input, address, chosen) {
  const list = Object.assign(document.createElement("ul"), { className: "code-list", hidden: true, id: `codes-${Math.random().toString(36).slice(2)}` });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label"));
  input.setAttribute("aria-controls", list.id);
  input.after(list);
  let timer;
  const close = () => (list.replaceChildren(), (list.hidden = true), input.setAttribute("aria-expanded", "false"), input.removeAttribute("aria-activedescendant"));
  const take = (option) => {
    input.value = option.textContent;
    input.dataset.code = option.dataset.code;
    close();
    chosen(input);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => fill(input, list, await ask(address, input), take, close), PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => keys(event, input, list, take, close));
  input.addEventListener("blur", () => setTimeout(() => {
    close();
    if (input.value.trim()) return;
    if (input.dataset.code) (input.dataset.code = ""), chosen(input);
  }, 150));
}

async function ask(address, input) {
  const mine = ++asked;
  const words = input.value.trim();
  if (!words) return [];
  const response = await fetch(`${address.replace("SYSTEM", input.dataset.system)}?q=${encodeURIComponent(words)}`).catch(() => null);
  return mine === asked && response?.ok ? (await response.json()).found : null;
}

function fill(input, list, found, take, close) {
  if (found === null) return;
  list.replaceChildren(...found.map((one, at) => option(list, one, at, take)));
  list.hidden = !found.length;
  input.setAttribute("aria-expanded", String(found.length > 0));
  if (!found.length) close();
}

function option(list, one, at, take) {
  const item = Object.assign(document.createElement("li"), { textContent: one.words, id: `${list.id}-${at}` });
  item.setAttribute("role", "option");
  item.dataset.code = one.code;
  item.addEventListener("mousedown", (event) => (event.preventDefault(), take(item)));
  return item;
}

function keys(event, input, list, take, close) {
  if (list.hidden) return;
  const options = [...list.children];
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") return event.stopPropagation(), close();
  if (event.key === "Enter" || event.key === "Tab") {
    const picked = options[at] ?? (event.key === "Enter" ? options[0] : null);
    if (!picked) return;
    event.preventDefault();
    event.stopPropagation();
    return take(picked);
  }
  if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  const next = (at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
  options.forEach((one, index) => one.setAttribute("aria-selected", String(index === next)));
  input.setAttribute("aria-activedescendant", options[next].id);
  options[next].scrollIntoView({ block: "nearest" });
}
