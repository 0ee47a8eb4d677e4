// Where a point lies, in words; the same rules as in cloud/web/drawing/places.py and findings.py.
const THIRD = 1 / 3;
const CARDINAL = [12, 3, 6, 9];

export const side = (canvas, eye) => (canvas.mirrors && eye === "L" ? -1 : 1);

export const sign = (canvas, code) => canvas.doodles.find((one) => one.code === code);

export function position(canvas, eye, x, y) {
  const flip = side(canvas, eye);
  const zone = canvas.zones.find((one) => inside(one, flip * x, y));
  const [east, north] = zone?.own_clock ? [flip * x - zone.x, y - zone.y] : [flip * x, y];
  if (canvas.place !== "clock") return { zone, hour: null, region: third(canvas, east, north) };
  if (Math.hypot(east, north) <= (zone?.own_clock ? 0 : canvas.centre)) return { zone, hour: null, region: "central" };
  return { zone, hour: clockHour(flip * east, north), region: quadrant(east, north) };
}

export function clockHour(x, y) {
  const fromNoon = (Math.atan2(Math.abs(x), y) * 180) / Math.PI;
  const hours = Math.floor(fromNoon / 30 + 0.5 + 1e-9);
  return (x >= 0 ? hours : 12 - hours) || 12;
}

const quadrant = (x, y) => (y >= 0 ? "supero" : "infero") + (x > 0 ? "nasal" : "temporal");

function third(canvas, x, y) {
  if (canvas.place === "height") return y > THIRD ? "upper" : y < -THIRD ? "lower" : "middle";
  return x > THIRD ? "nasal_third" : x < -THIRD ? "temporal_third" : "middle_third";
}

function inside(zone, x, y) {
  if (!zone.box) return Math.hypot(x - zone.x, y - zone.y) <= zone.r;
  const [left, low, right, high] = zone.box;
  return left <= x && x <= right && low <= y && y <= high;
}

export function measured(canvas, one, size) {
  const steps = 10 ** one.places;
  return one.unit ? Math.floor(size * canvas.perUnit * steps + 0.5 + 1e-9) / steps : null;
}

const filled = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export function line(canvas, eye, doodle) {
  const { phrases, regions } = canvas;
  const one = sign(canvas, doodle.code);
  const where = one.whole ? {} : position(canvas, eye, doodle.x, doodle.y);
  const size = measured(canvas, one, doodle.size);
  const graded = doodle.grade != null && one.grade;
  return [
    one.words,
    where.hour && filled(phrases.hour, where),
    where.zone?.words,
    !CARDINAL.includes(where.hour) && regions[where.region],
    size != null && filled(one.unit === "C/D" ? phrases.ratio : phrases.size, { size, unit: one.unit }),
    graded && filled(one.grade.scale ? phrases.scaled : phrases.grade, { grade: doodle.grade, scale: one.grade.scale }),
    doodle.count && filled(phrases.count, { count: doodle.count }),
  ].filter(Boolean).join(phrases.separator);
}

// Clock hour and distance are how hands on a keyboard say where.
export const polar = ({ x, y }) => ({ hour: clockHour(x, y), distance: Math.hypot(x, y) });

export function at(hour, distance) {
  const angle = (hour * Math.PI) / 6;
  return { x: short(distance * Math.sin(angle)), y: short(distance * Math.cos(angle)) };
}

export const short = (value) => Math.round(value * 1000) / 1000 + 0;

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
