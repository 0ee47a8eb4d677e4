// Lengths and angles of a mark: in millimetres where the file says how far its pixels are apart, else in pixels.
const POINTS = { caliper: 2, line: 2, angle: 3, ellipse: 2, arrow: 2, text: 1 };
export const pointsOf = (shape) => POINTS[shape];

// Fractions of the picture to mm, or to pixels.
function unit(pane) {
  const [rows, columns] = pane.spec.pixel_mm ?? [1, 1];
  return { wide: pane.width * columns, high: pane.height * rows, mm: Boolean(pane.spec.pixel_mm) };
}

export function measured(mark, pane) {
  const { wide, high, mm } = unit(pane);
  const [a, b, c] = mark.points.map(([x, y]) => [x * wide, y * high]);
  if (mark.shape === "caliper") return length(Math.hypot(b[0] - a[0], b[1] - a[1]), mm, pane);
  if (mark.shape === "angle" && c) return `${degrees(a, b, c).toFixed(1)}°`;
  if (mark.shape === "ellipse") return `${length(Math.abs(b[0] - a[0]), mm, pane)} × ${length(Math.abs(b[1] - a[1]), mm, pane)}`;
  return "";
}

// The angle at the second point.
function degrees(a, b, c) {
  const one = Math.atan2(a[1] - b[1], a[0] - b[0]);
  const other = Math.atan2(c[1] - b[1], c[0] - b[0]);
  const between = Math.abs(one - other) * (180 / Math.PI);
  return between > 180 ? 360 - between : between;
}

function length(value, mm, pane) {
  if (!mm) return `${Math.round(value)} ${pane.desk.words.pixels}`;
  return value < 1 ? `${Math.round(value * 1000)} µm` : `${value.toFixed(2)} mm`;
}
