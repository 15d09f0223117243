// The coverage page.
export function showCoverage(raw, root) {
  root.textContent = raw.name;
}
