// Where two volumes are looked at together: at the same millimetre where both files hold positions, else in the same part.
export function linkedBy(from, to) {
  if (!positioned(from) || !positioned(to)) return "part";
  return from.spec.reference && from.spec.reference === to.spec.reference ? "same" : "middle";
}

// The slice of another volume that lies where this one is looked at.
export function across(from, to) {
  const how = linkedBy(from, to);
  if (how === "part") return Math.round((from.count > 1 ? from.wanted / (from.count - 1) : 0) * (to.count - 1));
  const [ours, theirs] = [from.spec.positions, to.spec.positions];
  const at = ours[from.wanted];
  return nearest(theirs, how === "same" ? at : at - middle(ours) + middle(theirs));
}

const positioned = ({ spec, count }) => count > 1 && spec.positions?.length === count;
const middle = (places) => (places[0] + places.at(-1)) / 2;
const nearest = (places, at) => places.reduce((best, place, number) => (Math.abs(place - at) < Math.abs(places[best] - at) ? number : best), 0);
