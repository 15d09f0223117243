// The keyboard of the replay page.
const STEP_S = 10;
const LONG_STEP_S = 60;

export function bindKeys({ replay, state, clock, view, tabs, openTab, clear }) {
  const names = () => [...tabs.children].map((button) => button.dataset.tab);

  function actionOf(event) {
    const jump = event.shiftKey ? LONG_STEP_S : STEP_S;
    const keys = {
      " ": () => clock.run(!clock.playing), ArrowLeft: () => clock.seek(state.t - jump), ArrowRight: () => clock.seek(state.t + jump),
      ",": () => clock.step(-1), ".": () => clock.step(1), Home: () => clock.seek(replay.t0), End: () => clock.seek(replay.t1),
      "+": () => view.adjustZoom(0.5), "-": () => view.adjustZoom(-0.5), Escape: clear,
      ...Object.fromEntries(names().map((name, i) => [String(i + 1), () => openTab(name)])),
    };
    return keys[event.key];
  }

  function moveAlongTabs(step) {
    const all = names();
    const at = (all.indexOf(state.tab) + step + all.length) % all.length;
    openTab(all[at]);
    tabs.children[at].focus();
  }

  document.addEventListener("keydown", (event) => {
    const { target } = event;
    const field = target.matches?.("input:not([type=checkbox]):not([type=range]), select, textarea");
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && target.matches?.("button:focus-visible, summary:focus-visible, input[type=checkbox]:focus-visible")) return;
    if (target.getAttribute?.("role") === "tab" && event.key.startsWith("Arrow")) moveAlongTabs(event.key === "ArrowRight" ? 1 : -1);
    else {
      const action = actionOf(event);
      if (!action) return;
      action();
    }
    event.preventDefault();
  });

  // After a click the keys belong to the page again, not to the button.
  document.addEventListener("pointerup", (event) => {
    const focused = document.activeElement;
    if (focused && focused !== document.body && event.target.closest?.("button, summary, label") && !focused.matches("input[type=search]")) focused.blur();
  });
}
