// The study page.
export function showStudy(raw, root) {
  root.textContent = raw.name;
}
