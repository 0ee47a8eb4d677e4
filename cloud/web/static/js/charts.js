// Charts come alive when they are near: zoom, what a point says, values as a table. The library is fetched only then.
import { option, zoomed } from "./charts/option.js";

const started = new WeakSet();
const alive = new Map();
let library = null;
let asTable = false;

function load(href) {
  library ??= new Promise((done, fail) => {
    const script = Object.assign(document.createElement("script"), { src: href, onload: () => done(window.echarts), onerror: fail });
    document.head.append(script);
  });
  return library;
}

const near = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    load(target.dataset.library).then((echarts) => enliven(target, echarts), () => (library = null));
  }
}, { rootMargin: "300px" });

const resized = new ResizeObserver((sizes) => {
  for (const { target } of sizes) if (target.clientWidth) alive.get(target.closest(".chart"))?.resize();
});

function enliven(figure, echarts) {
  if (!figure.isConnected) return;
  figure.classList.add("is-live");
  const place = figure.querySelector(".chart-live");
  const told = JSON.parse(figure.dataset.told);
  const chart = echarts.init(place, null, { renderer: "svg" });
  alive.set(figure, chart);
  chart.setOption(option(told, place));
  resized.observe(place);
  place.addEventListener("keydown", (event) => {
    const act = { "+": "nearer", "=": "nearer", "-": "farther", "−": "farther", ArrowLeft: "earlier", ArrowRight: "later", 0: "all" }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    zoom(figure, act);
  });
  place.addEventListener("repaint", () => chart.setOption(option(told, place, range(chart))));
  show(figure);
}

const range = (chart) => {
  const { start, end } = chart.getOption().dataZoom[0];
  return { start, end };
};

function zoom(figure, act) {
  const chart = alive.get(figure);
  if (chart) chart.dispatchAction({ type: "dataZoom", ...zoomed(range(chart), act) });
}

// All charts of a page show the same side: who reads tables reads them everywhere.
function show(figure) {
  figure.classList.toggle("as-table", asTable);
  figure.querySelector("[data-as-table]").setAttribute("aria-pressed", String(asTable));
  figure.querySelector(".chart-values").tabIndex = asTable ? 0 : -1;
  if (!asTable) alive.get(figure)?.resize();
}

function start(root) {
  for (const figure of root.querySelectorAll("[data-chart]")) {
    if (!started.has(figure)) near.observe(figure);
    started.add(figure);
  }
  for (const [figure, chart] of alive) {
    if (!figure.isConnected) chart.dispose(), alive.delete(figure);
  }
  const buttons = [...document.querySelectorAll("[data-as-table]")];
  buttons.forEach((button, at) => (at ? delete button.dataset.key : (button.dataset.key = "t")));
}

document.addEventListener("click", (event) => {
  const act = event.target.closest?.("[data-zoom]");
  if (act) zoom(act.closest(".chart"), act.dataset.zoom);
  if (!event.target.closest?.("[data-as-table]")) return;
  asTable = !asTable;
  for (const figure of alive.keys()) show(figure);
});

const repaint = () => alive.forEach((_chart, figure) => figure.querySelector(".chart-live").dispatchEvent(new Event("repaint")));
new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
document.addEventListener("htmx:load", () => start(document));
start(document);
