// The tooltip: what lies under the pointer, in everyday words, kept true while the clock runs.
import { el, renew } from "./dom.js";
import { hitText } from "./sentences.js";

const REACH_PX = 8;
const MARGIN_PX = 8;

export function makeTip(replay, state, mapBox, nearest) {
  const node = el("div", { class: "tip", role: "tooltip", hidden: true });
  let pointer = null;

  function moveTo(pixel) {
    pointer = pixel;
    redraw();
  }

  function redraw() {
    const hit = pointer && nearest(pointer[0], pointer[1], REACH_PX);
    mapBox.style.cursor = hit ? "pointer" : "";
    node.hidden = !hit;
    if (!hit) return;
    renew(node, hitText(replay, hit, state.t).map((line, i) => el(i ? "div" : "b", {}, line)));
    node.style.left = `${Math.min(pointer[0] + 14, mapBox.clientWidth - node.offsetWidth - MARGIN_PX)}px`;
    node.style.top = `${Math.max(MARGIN_PX, Math.min(pointer[1] + 14, mapBox.clientHeight - node.offsetHeight - MARGIN_PX))}px`;
  }

  mapBox.addEventListener("pointerleave", () => moveTo(null));
  return { node, moveTo, redraw };
}
