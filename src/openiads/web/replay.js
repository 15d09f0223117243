// The replay page: parts, keys and the scripting handle.
import { decodeReplay } from "./data.js";
import { el, renew } from "./dom.js";
import { makeClock } from "./clock.js";
import { makeDefence } from "./defence.js";
import { frameOf } from "./frame.js";
import { makeMap, ringLayer } from "./map.js";
import { makeMovingLayer, warmSymbols } from "./moving.js";
import { leadText, makeOverview } from "./overview.js";
import { makeRaid } from "./raid.js";
import { battleBox, GROUPS, objectThere, pictureAt, prepareLives } from "./scene.js";
import { bindKeys } from "./keys.js";
import { makeTip } from "./tip.js";
import { makeEvents, makeStory } from "./story.js";
import { makeAbout, makeLegend } from "./legend.js";
import { clockText, durationText, lengthText, number, say } from "./words.js";

const TABS = ["overview", "raid", "events", "defence", "story", "about"];
const LAYERS = ["tracks", "truth", "trails", "shots", "strobes", "sectors", "naive", "horizon", "engagement", "detection", "labels"];
const RING_KINDS = ["naive", "horizon", "engagement", "detection"];

export function showReplay(raw, root) {
  const replay = decodeReplay(raw);
  prepareLives(replay);
  warmSymbols(replay);
  const state = {
    t: replay.t0, selected: null, site: null, tab: "overview",
    show: { tracks: true, truth: true, trails: true, shots: true, strobes: true, sectors: true, naive: true, horizon: true, engagement: true, detection: false, labels: true },
    groups: Object.fromEntries(Object.keys(GROUPS).map((group) => [group, true])),
  };
  const handle = { ready: false, get frames() { return moving.counter.frames; }, get t() { return state.t; }, seek: (t) => clock.seek(t), play: (flag = true) => clock.run(Boolean(flag)) };
  window.__app = handle;

  const mapBox = el("div", { class: "map", id: "map", tabindex: 0 });
  const chip = el("div", { class: "chip" });
  const zooms = el("div", { class: "zooms" });
  const layers = el("details", { class: "layers" });
  const ringed = new Set(replay.sites.flatMap((site) => site.rings.map((ring) => ring.kind)));
  const shown = LAYERS.filter((name) => (RING_KINDS.includes(name) ? ringed.has(name) : name !== "strobes" || replay.strobes.length));
  const legend = makeLegend(shown);
  const readout = el("div", { class: "readout", "aria-hidden": "true" });
  const live = el("div", { class: "sr-only", "aria-live": "polite" });
  const stage = el("div", { class: "stage" }, mapBox, chip, zooms, readout, layers, legend.node, live);
  const tabs = el("div", { class: "tabs", role: "tablist" });
  const pane = el("div", { class: "pane", role: "tabpanel", id: "pane", tabindex: 0 });
  const side = el("aside", { class: "side" }, tabs, pane);

  const clock = makeClock(replay, state, changed);
  const parts = {
    overview: makeOverview(replay, state, select), raid: makeRaid(replay, state, select, () => moving.repaint()), events: makeEvents(replay, state, (t) => clock.seek(t), select),
    defence: makeDefence(replay, state, selectSite), story: makeStory(replay, state, (t) => clock.seek(t)), about: makeAbout(replay),
  };
  const frame = frameOf({ title: replay.name, about: replay.about, onLanguage: relabel, onTheme: recolour });
  renew(root, frame.node, el("main", { class: "work" }, stage, side), clock.node);

  const shownMap = makeMap(mapBox, replay, replay.plane);
  const rings = ringLayer(replay.sites, (ring) => state.show[ring.kind]);
  const moving = makeMovingLayer(replay, state);
  const tip = makeTip(replay, state, mapBox, moving.nearest);
  stage.append(tip.node);
  shownMap.map.addLayer(rings);
  moving.attach(shownMap.map);
  const wide = 1000 * replay.reach_km;
  const close = Math.max(20000, ...[...replay.assets, ...replay.sites].map((place) => 1.6 * Math.hypot(place.x, place.y)));
  shownMap.fitBox(battleBox(replay));
  Object.assign(handle, { pixel: (lon, lat) => shownMap.map.getPixelFromCoordinate(replay.plane.forward(lon, lat)), select: (name) => select(replay.objects.find((o) => o.name === name)), map: shownMap.map });

  function changed(now) {
    moving.repaint();
    parts[state.tab].redraw?.(now);
    if (now) tip.redraw();
    if (now) showChip();
    else slowChip();
    if (now && live.textContent !== clockText(state.t)) live.textContent = `${clockText(state.t)}: ${chip.textContent}`;
  }

  let chipAt = 0;
  function slowChip() {
    if (performance.now() - chipAt < 250) return;
    showChip();
    tip.redraw();
  }

  function showChip() {
    chipAt = performance.now();
    const air = replay.objects.filter((o) => o.side === "hostile" && objectThere(o, state.t)).length;
    const picture = pictureAt(replay, state.t);
    const flying = replay.shots.filter((shot) => state.t >= shot.t0 && state.t < shot.t1).length;
    chip.textContent = say("map.chip", { time: clockText(state.t), air: number(air), tracks: number(picture.tracks), delay: picture.delay === null ? undefined : durationText(picture.delay), flying: number(flying) });
  }

  function openTab(name) {
    state.tab = name;
    if (pane.firstChild !== parts[name].node) pane.scrollTop = 0;
    renew(pane, parts[name].node);
    pane.setAttribute("aria-labelledby", `tab-${name}`);
    for (const button of tabs.children) {
      button.setAttribute("aria-selected", button.dataset.tab === name);
      button.tabIndex = button.dataset.tab === name ? 0 : -1;
    }
    (parts[name].redraw ?? parts[name].draw)?.(true);
  }

  function select(object, move) {
    state.selected = object;
    state.site = null;
    if (object && move) clock.seek(Math.min(object.ends ?? replay.t1, replay.t1));
    pane.scrollTop = 0;
    if (object) openTab("story");
    moving.repaint();
  }

  function selectSite(site) {
    state.site = site;
    state.selected = null;
    openTab("story");
  }

  function relabel() {
    renew(tabs, TABS.map((name, i) => el("button", { role: "tab", id: `tab-${name}`, "aria-controls": "pane", "data-tab": name, title: `${say(`tab.${name}`)} (${i + 1})`, onclick: () => openTab(name) }, say(`tab.${name}`))));
    tabs.setAttribute("aria-label", say("tab.label"));
    mapBox.setAttribute("aria-label", `${say("map.label")}: ${leadText(replay)}`);
    mapBox.setAttribute("role", "application");
    renew(layers, el("summary", {}, say("map.layers")), shown.map((name) => el("label", {}, el("input", { type: "checkbox", "data-layer": name, checked: state.show[name], onchange: (e) => toggle(name, e.target.checked) }), say(`layer.${name}`))));
    renew(zooms, el("button", { onclick: () => shownMap.fitTo(wide) }, say("map.wide")), el("button", { onclick: () => shownMap.fitBox(battleBox(replay)) }, say("map.battle")), el("button", { onclick: () => shownMap.fitTo(Math.min(close, wide)) }, say("map.close")));
    clock.label();
    legend.label();
    for (const part of Object.values(parts)) part.label?.();
    document.title = `${replay.name} · openiads`;
    openTab(state.tab);
    showChip();
  }

  function toggle(name, flag) {
    state.show[name] = flag;
    rings.changed();
    moving.repaint();
  }

  function recolour() {
    moving.recolour();
    shownMap.recolour();
    rings.changed();
    moving.repaint();
    clock.redraw();
    parts.defence.label();
    openTab(state.tab);
  }

  shownMap.map.on("pointermove", (event) => {
    tip.moveTo(event.dragging ? null : event.pixel);
    const [east, north] = event.coordinate;
    readout.textContent = say("map.readout", { distance: lengthText(Math.hypot(east, north)), bearing: number(Math.round((Math.atan2(east, north) * 180) / Math.PI + 360) % 360) });
  });
  shownMap.map.on("singleclick", (event) => {
    const hit = moving.nearest(event.pixel[0], event.pixel[1], 10);
    if (!hit) return;
    if (hit.kind === "site") selectSite(hit.item);
    const index = { object: hit.item.index, track: hit.item.object, shot: hit.item.object, strobe: hit.item.jammer }[hit.kind] ?? -1;
    if (index >= 0) select(replay.objects[index], false);
  });

  bindKeys({ replay, state, clock, view: shownMap.view, tabs, openTab, clear: () => select(null) });

  relabel();
  shownMap.map.renderSync();
  handle.ready = true;
  return handle;
}
