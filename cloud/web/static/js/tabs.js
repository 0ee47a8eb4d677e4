// On a narrow screen the tab one is on, and the place in the rail, are in sight.
for (const one of document.querySelectorAll(".tabs [aria-current], .rail [aria-current]")) {
  const strip = one.closest("ul");
  const [inner, outer] = [one, strip].map((element) => element.getBoundingClientRect());
  if (inner.right > outer.right || inner.left < outer.left) strip.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}
