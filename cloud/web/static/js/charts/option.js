// From what the server tells to what the library draws. Nothing moves by itself, so nobody's motion setting is crossed.
const SHAPES = {
  R: [["circle", 8], ["circle", 8], ["rect", 8], ["rect", 8]],
  L: [["triangle", 9], ["triangle", 9], ["diamond", 11], ["diamond", 11]],
};
const NARROW = 480;

export function option(told, place, range = { start: 0, end: 100 }) {
  const ink = colours(place);
  const narrow = place.clientWidth < NARROW;
  const text = { color: ink["--em-ink-quiet"], fontFamily: getComputedStyle(place).fontFamily, fontSize: 12 };
  return {
    animation: false,
    textStyle: text,
    grid: { left: 8, right: 14, top: 44, bottom: 6, containLabel: true },
    xAxis: axis({ type: "time", boundaryGap: ["3%", "3%"], splitNumber: narrow ? 3 : 6, axisLabel: { ...text, hideOverlap: true, formatter: dates(told) } }, ink),
    yAxis: axis({ type: "value", min: told.low, max: told.high, axisLabel: { ...text, formatter: minus } }, ink),
    dataZoom: [{ type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, preventDefaultMouseMove: false, filterMode: "none", ...range }],
    tooltip: { trigger: "item", confine: true, transitionDuration: 0, className: "chart-tip", backgroundColor: "", borderWidth: 0, padding: 0, extraCssText: "", formatter: (item) => says(told, item) },
    series: [around(told, ink, text, narrow), ...told.lines.map((line) => drawn(line, ink))],
  };
}

const minus = (value) => String(Math.round(value * 1e6) / 1e6).replace("-", "−");

function axis(own, ink) {
  const line = { lineStyle: { color: ink["--em-line-strong"] } };
  return { axisLine: line, axisTick: line, splitLine: { show: own.type === "value", lineStyle: { color: ink["--em-line"] } }, ...own };
}

const DAY = 86_400_000;

function dates(told) {
  const all = told.lines.flatMap((line) => line.points.map(([at]) => at));
  const days = (Math.max(...all) - Math.min(...all)) / DAY;
  return days > 90 ? { year: "{yyyy}", month: "{yyyy}-{MM}", day: "{MM}-{dd}", hour: "" } : { year: "{yyyy}", month: "{yyyy}-{MM}-{dd}", day: "{MM}-{dd}", hour: "" };
}

function drawn(line, ink) {
  const colour = ink[`--ch-${line.eye}`];
  const [symbol, symbolSize] = SHAPES[line.eye][line.nth % 4];
  const hollow = line.nth % 2 === 1;
  return {
    type: "line", name: line.name, symbol, symbolSize, showSymbol: true, showAllSymbol: true,
    lineStyle: { color: colour, width: 1.8, type: line.eye === "R" ? "solid" : [6, 4] },
    itemStyle: { color: hollow ? ink["--em-sheet"] : colour, borderColor: colour, borderWidth: hollow ? 1.8 : 0 },
    emphasis: { disabled: true },
    data: line.points.map(([at, value]) => [at, value]),
  };
}

// Normal range, treatments, changes of device and targets hang on a series of their own that has no values.
function around(told, ink, text, narrow) {
  const shade = (band) => [{ yAxis: band.low ?? told.low, itemStyle: { color: ink["--ch-band"], opacity: 0.14 } }, { yAxis: band.high ?? told.high }];
  const line = (mark, at, label, type) => ({ xAxis: at, lineStyle: { color: ink[`--ch-${mark.kind}`] ?? ink["--ch-device"], type, width: 1.2 }, label: label ?? { show: false } });
  const marks = told.marks.flatMap((mark, nth) => {
    const colour = ink[`--ch-${mark.kind}`] ?? ink["--ch-device"];
    const words = narrow && mark.words.length > 16 ? `${mark.words.slice(0, 15)}…` : mark.words;
    const label = { show: true, position: "end", formatter: words, ...text, color: colour, distance: 3 + (nth % 2) * 14, align: late(told, mark) ? "right" : "left" };
    const begins = line(mark, mark.at, label, mark.kind === "device" ? "dashed" : "solid");
    return mark.until ? [begins, line(mark, mark.until, null, "solid")] : [begins];
  });
  const treated = told.marks.filter((mark) => mark.kind === "treatment");
  const targets = told.targets.map((one) => ({ yAxis: one.value, lineStyle: { color: ink["--ch-target"], type: [8, 4], width: 1.4 }, label: { show: true, position: "insideEndTop", formatter: `${one.words} ${minus(one.value)}`, ...text, color: ink["--ch-target"] } }));
  const last = Math.max(...told.lines.flatMap((one) => one.points.map(([at]) => at)));
  return {
    type: "line", silent: true, symbol: "none", data: told.lines.flatMap((one) => one.points.map(([at]) => [at, null])),
    markArea: { silent: true, data: [...told.bands.map(shade), ...treated.map((mark) => [{ xAxis: mark.at, itemStyle: { color: ink["--ch-treatment"], opacity: 0.07 } }, { xAxis: mark.until ?? last }])] },
    markLine: { silent: true, symbol: "none", animation: false, data: [...marks, ...targets] },
  };
}

function late(told, mark) {
  const all = told.lines.flatMap((line) => line.points.map(([at]) => at));
  const [first, last] = [Math.min(...all), Math.max(...all)];
  return mark.at > first + (last - first) * 0.65;
}

function says(told, item) {
  const line = told.lines[item.seriesIndex - 1];
  const [, , day, value, note] = line.points[item.dataIndex];
  const box = document.createElement("div");
  box.append(Object.assign(document.createElement("b"), { textContent: value }), ` ${line.name}`, document.createElement("br"), day);
  if (note) box.append(document.createElement("br"), note);
  return box;
}

// The page's colours as the theme has them now; a custom property alone would still say light-dark(…).
function colours(place) {
  const probe = place.appendChild(document.createElement("i"));
  const names = ["--em-ink-quiet", "--em-line", "--em-line-strong", "--em-sheet", "--ch-R", "--ch-L", "--ch-band", "--ch-treatment", "--ch-device", "--ch-target"];
  const found = {};
  for (const name of names) {
    probe.style.color = `var(${name})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}

const STEP = 0.25;

// A range is in hundredths of the whole.
export function zoomed({ start, end }, act) {
  const width = end - start;
  const move = (by) => ({ start: Math.min(Math.max(0, start + by), 100 - width), end: Math.max(Math.min(100, end + by), width) });
  if (act === "earlier") return move(-width * STEP);
  if (act === "later") return move(width * STEP);
  if (act === "nearer") return width < 4 ? { start, end } : { start: start + width * STEP, end: end - width * STEP };
  if (act === "farther") return { start: Math.max(0, start - width / 2), end: Math.min(100, end + width / 2) };
  return { start: 0, end: 100 };
}
