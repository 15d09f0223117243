// The clock: play, pause, speed, seek, steps between events, and the ticks of what happened when.
import { cssColour, el, fittedCanvas, icon, renew } from "./dom.js";
import { BAD, GROUP_OF, GROUPS } from "./scene.js";
import { clockText, say } from "./words.js";

const SPEEDS = [1, 5, 10, 30, 60, 120];
export const GROUP_COLOUR = { raid: "--tick-raid", sensing: "--tick-sensing", identity: "--tick-identity", decision: "--tick-decision", shots: "--tick-shots", results: "--kill" };

export function makeClock(replay, state, onChange) {
  let last = null;
  let playing = false;
  let speed = 30;
  const play = el("button", { class: "play", "aria-keyshortcuts": "Space", onclick: () => run(!playing) });
  const slider = el("input", { type: "range", min: replay.t0, max: replay.t1, step: 0.1, value: replay.t0, class: "slider", oninput: () => seek(Number(slider.value)) });
  const face = el("output", { class: "face", "aria-live": "off" });
  const speeds = el("select", { onchange: () => (speed = Number(speeds.value)) }, SPEEDS.map((s) => el("option", { value: s, selected: s === speed }, `${s}×`)));
  const ticks = fittedCanvas("", drawTicks);
  const filters = el("div", { class: "filters", role: "group" });
  const bar = el("div", { class: "bar", role: "group" });

  function seek(t) {
    state.t = Math.min(replay.t1, Math.max(replay.t0, Number(t) || 0));
    show();
    onChange(!playing);
  }

  function run(flag) {
    if (flag === playing) return;
    if (flag && state.t >= replay.t1) state.t = replay.t0;
    playing = flag;
    last = null;
    showPlay();
    if (playing) requestAnimationFrame(frame);
    onChange(true);
  }

  function showPlay() {
    const words = say(playing ? "clock.pause" : "clock.play");
    renew(play, icon(playing ? "pause" : "play"));
    play.setAttribute("aria-label", words);
    play.title = `${words} (${say("key.space")})`;
  }

  function frame(now) {
    if (!playing) return;
    if (last !== null) state.t = Math.min(replay.t1, state.t + (Math.min(now - last, 250) / 1000) * speed);
    last = now;
    show();
    if (state.t >= replay.t1) run(false);
    onChange(false);
    if (playing) requestAnimationFrame(frame);
  }

  function step(direction) {
    const open = replay.events.filter((event) => state.groups[GROUP_OF[event.kind]]);
    const found = direction > 0 ? open.find((event) => event.t > state.t + 0.05) : open.findLast((event) => event.t < state.t - 0.05);
    if (found) seek(found.t);
    return found;
  }

  function show() {
    slider.value = state.t;
    slider.setAttribute("aria-valuetext", clockText(state.t));
    face.textContent = `${clockText(state.t)} / ${clockText(replay.t1)}`;
  }

  function drawTicks(pen, width, height) {
    const lanes = Object.keys(GROUPS);
    const lane = height / lanes.length;
    for (const event of replay.events) {
      const group = GROUP_OF[event.kind];
      if (!state.groups[group]) continue;
      pen.fillStyle = cssColour(BAD.has(event.kind) ? "--hostile" : GROUP_COLOUR[group]);
      const x = ((event.t - replay.t0) / (replay.t1 - replay.t0)) * (width - 16) + 8;
      pen.fillRect(x - 0.75, lanes.indexOf(group) * lane + 1, BAD.has(event.kind) ? 3 : 1.5, lane - 2);
    }
  }

  function label() {
    ticks.canvas.setAttribute("aria-label", say("clock.ticks"));
    slider.setAttribute("aria-label", say("clock.slider"));
    speeds.setAttribute("aria-label", say("clock.speed"));
    speeds.title = say("clock.speed");
    renew(filters, Object.keys(GROUPS).map((group) => el("label", { class: "filter" },
      el("input", { type: "checkbox", checked: state.groups[group], onchange: (e) => { state.groups[group] = e.target.checked; ticks.redraw(); onChange(true); } }),
      el("span", { class: "swatch", style: { background: `var(${GROUP_COLOUR[group]})` } }), say(`group.${group}`))));
    const button = (name, key, action) => el("button", { title: say(key), "aria-label": say(key), onclick: action }, icon(name));
    renew(bar, button("start", "clock.start", () => seek(replay.t0)), button("back", "clock.previous", () => step(-1)), play, button("next", "clock.next", () => step(1)), speeds, face, filters);
    showPlay();
    show();
  }

  const node = el("footer", { class: "clock" }, bar, el("div", { class: "time" }, ticks.canvas, slider));
  label();
  return { node, seek, run, step, label, redraw: ticks.redraw, get playing() { return playing; } };
}
