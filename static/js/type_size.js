// Runs before the first paint, so that large type does not flicker in.
if (localStorage.getItem("type-size") === "large") {
  document.documentElement.classList.add("large-type");
}
