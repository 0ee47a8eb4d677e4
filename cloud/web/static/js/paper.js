// The one button of a page that is meant for paper.
document.querySelector("[data-prints]").addEventListener("click", () => window.print());
