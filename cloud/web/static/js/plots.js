// Plots of machine figures come alive when they are near: what a moment says, values as a table. Nothing moves by itself.
const DASHES = ["solid", [7, 4], [2, 4], [9, 3, 2, 3], [14, 4], [4, 3], [7, 3, 2, 3, 2, 3], [1, 3]];
const started = new WeakSet();
const alive = new Map();
let library = null;
let asTable = false;

function load(href) {
  library ??= window.echarts ? Promise.resolve(window.echarts) : new Promise((done, fail) => {
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
  const chart = echarts.init(place, null, { renderer: "svg" });
  alive.set(figure, chart);
  paint(figure, chart);
  resized.observe(place);
  show(figure);
}

function paint(figure, chart) {
  const told = JSON.parse(figure.dataset.told);
  const place = figure.querySelector(".chart-live");
  const ink = colours(place);
  const text = { color: ink["--em-ink-quiet"], fontFamily: getComputedStyle(place).fontFamily, fontSize: 12 };
  const line = { lineStyle: { color: ink["--em-line-strong"] } };
  chart.setOption({
    animation: false,
    useUTC: true,
    textStyle: text,
    grid: { left: 8, right: 14, top: 10, bottom: 4, containLabel: true },
    xAxis: { type: "time", min: told.start, max: told.end, splitNumber: place.clientWidth < 480 ? 3 : 6, axisLine: line, axisTick: line, splitLine: { show: false }, axisLabel: { ...text, hideOverlap: true, formatter: { year: "{MM}-{dd}", month: "{MM}-{dd}", day: "{MM}-{dd}", hour: "{HH}:{mm}", minute: "{HH}:{mm}" } } },
    yAxis: { type: "value", min: told.low, max: told.high, splitNumber: 4, axisLine: line, axisTick: line, splitLine: { lineStyle: { color: ink["--em-line"] } }, axisLabel: { ...text, formatter: (value) => String(value).replace("-", "−") } },
    tooltip: { trigger: "axis", confine: true, transitionDuration: 0, className: "chart-tip", backgroundColor: "", borderWidth: 0, padding: 0, extraCssText: "", formatter: (items) => says(told, items) },
    series: told.tracks.map((track) => drawn(track, ink)),
  }, true);
}

function drawn(track, ink) {
  const colour = ink[`--pl-${track.style % 4}`];
  const alone = ([, value], at, all) => value !== null && (all[at - 1]?.[1] ?? null) === null && (all[at + 1]?.[1] ?? null) === null;
  return {
    type: "line", name: track.name, connectNulls: false, emphasis: { disabled: true },
    symbol: "circle", showSymbol: track.points.some(alone), symbolSize: (_value, { dataIndex }) => (alone(track.points[dataIndex], dataIndex, track.points) ? 4 : 0),
    lineStyle: { color: colour, width: 1.8, type: DASHES[track.style] }, itemStyle: { color: colour },
    data: track.points.map(([at, value]) => [at, value]),
  };
}

function says(told, items) {
  const box = document.createElement("div");
  const known = items.filter((item) => item.value[1] !== null);
  if (!known.length) return "";
  known.forEach((item, nth) => {
    const [, , when, value] = told.tracks[item.seriesIndex].points[item.dataIndex];
    if (!nth) box.append(when);
    box.append(document.createElement("br"), Object.assign(document.createElement("b"), { textContent: value }), ` ${told.unit} ${told.tracks.length > 1 ? item.seriesName : ""}`);
  });
  return box;
}

function colours(place) {
  const probe = place.appendChild(document.createElement("i"));
  const found = {};
  for (const name of ["--em-ink-quiet", "--em-line", "--em-line-strong", "--pl-0", "--pl-1", "--pl-2", "--pl-3"]) {
    probe.style.color = `var(${name})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}

// All plots of a page show the same side: who reads tables reads them everywhere.
function show(figure) {
  figure.classList.toggle("as-table", asTable);
  figure.querySelector("[data-plot-table]").setAttribute("aria-pressed", String(asTable));
  figure.querySelector(".chart-values").tabIndex = asTable ? 0 : -1;
  if (!asTable) alive.get(figure)?.resize();
}

for (const figure of document.querySelectorAll("[data-plot]")) {
  if (!started.has(figure)) near.observe(figure);
  started.add(figure);
}
if (!document.querySelector("[data-as-table]")) document.querySelector("[data-plot-table]")?.setAttribute("data-key", "t");

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-plot-table]")) return;
  asTable = !asTable;
  for (const figure of alive.keys()) show(figure);
});

const repaint = () => alive.forEach((chart, figure) => paint(figure, chart));
new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
