// The scenario editor: the YAML text is the truth; every change is a path and a value that the server writes into it.
import { makePlane } from "./aeqd.js";
import { el, renew, cssColour } from "./dom.js";
import { doctrineForm } from "./editor_form.js";
import { frameOf } from "./frame.js";
import { ask, follow } from "./jobs.js";
import { makeMap } from "./map.js";
import { symbolPicture } from "./symbols.js";
import { loadWords, number, say, term } from "./words.js";

const SITE = { post: "10031002001301000000", sensor: "10031500002203000000", short: "10031000001301010000", long: "10031000001301020000" };
const SHORT_RANGE = new Set(["pantsir-s1"]);
const START = { lat: 53.9, lon: 27.57 };
const TABS = ["place", "doctrine", "text", "run"];

function symbolOf(site) {
  if (site.role === "command-post") return SITE.post;
  if (site.role === "sensor") return SITE.sensor;
  return SHORT_RANGE.has(site.system) ? SITE.short : SITE.long;
}

async function startEditor() {
  await loadWords();
  const root = document.getElementById("app");
  const vocabulary = await ask("/api/editor/vocabulary");
  const known = await ask("/api/editor/scenarios");
  const state = { yaml: "", data: {}, problems: [], tab: "place", tool: null, id: "my-scenario", past: [], job: null };
  const handle = { ready: false, t: 0, seek: () => undefined, play: () => undefined, state };
  window.__app = handle;
  const mapBox = el("div", { class: "map", tabindex: 0 });
  const hint = el("div", { class: "chip" });
  const tabs = el("div", { class: "tabs", role: "tablist" });
  const pane = el("div", { class: "pane", role: "tabpanel" });
  const message = el("div", { class: "message", role: "status", "aria-live": "polite" });
  const frame = frameOf({ title: say("edit.title"), about: say("edit.about"), onLanguage: () => draw(), onTheme: () => drawMap() });
  renew(root, frame.node, el("main", { class: "work" }, el("div", { class: "stage" }, mapBox, hint), el("aside", { class: "side" }, tabs, message, pane)));

  let plane = null;
  let shownMap = null;
  const points = new ol.source.Vector();
  const routes = new ol.source.Vector();

  const list = (key) => (Array.isArray(state.data?.[key]) ? state.data[key] : []);
  const isPlace = (at) => at && Number.isFinite(at.lat) && Number.isFinite(at.lon);

  async function open(id) {
    await take(() => ask(`/api/editor/scenarios/${id}`), true);
    state.id = known.saved.includes(id) ? id : id === "blank" ? "my-scenario" : `my-${id}`;
    state.past = [];
    const first = [...list("assets"), ...list("sites")].find((one) => isPlace(one.at));
    await moveTo(first ? first.at : START);
    draw();
    if (points.getFeatures().length) shownMap.fitBox(ol.extent.buffer(points.getExtent(), 30e3));
  }

  async function moveTo(at) {
    plane = makePlane(at.lon, at.lat);
    const around = (value) => (value < 0 ? value + 360 : value).toFixed(3);
    const basemap = await ask(`/api/editor/basemap/${around(at.lat)}/${around(at.lon)}`);
    if (shownMap) shownMap.map.setTarget(null);
    shownMap = makeMap(mapBox, { basemap, reach_km: 400 }, plane);
    shownMap.map.addLayer(new ol.layer.Vector({ source: routes, style: routeStyle }));
    shownMap.map.addLayer(new ol.layer.Vector({ source: points, style: pointStyle, declutter: true }));
    shownMap.fitTo(120e3);
    addInteractions();
    shownMap.map.once("rendercomplete", () => (handle.ready = true));
    handle.pixel = (lon, lat) => shownMap.map.getPixelFromCoordinate(plane.forward(lon, lat));
  }

  // A change goes to the server and comes back as text, data and problems; an error leaves everything as it was.
  async function take(action, fresh) {
    try {
      const found = await action();
      if (!fresh) state.past.push(state.yaml);
      Object.assign(state, { yaml: found.yaml, data: found.data ?? state.data, problems: found.problems });
      renew(message);
    } catch (error) {
      renew(message, el("p", { class: "bad" }, error.message));
    }
    draw();
  }

  const change = (changes) => take(() => ask("/api/editor/change", { yaml: state.yaml, changes }));
  const degrees = (coordinate) => {
    const [lon, lat] = plane.inverse(coordinate[0], coordinate[1]);
    return { lat: Number(lat.toFixed(5)), lon: Number(lon.toFixed(5)) };
  };

  function addInteractions() {
    const drag = new ol.interaction.Translate({ layers: [shownMap.map.getLayers().item(shownMap.map.getLayers().getLength() - 1)], hitTolerance: 4 });
    drag.on("translateend", (event) => {
      const feature = event.features.item(0);
      const at = degrees(feature.getGeometry().getCoordinates());
      const [key, index] = feature.get("path");
      change([{ path: [key, index, "at", "lat"], value: at.lat }, { path: [key, index, "at", "lon"], value: at.lon }]);
    });
    const bend = new ol.interaction.Modify({ source: routes, insertVertexCondition: () => false, deleteCondition: () => false });
    bend.on("modifyend", (event) => {
      for (const feature of event.features.getArray()) {
        const changes = feature.getGeometry().getCoordinates().slice(0, feature.get("count")).flatMap((coordinate, i) => {
          const at = degrees(coordinate);
          const old = list("objects")[feature.get("index")].route[i].at;
          const path = ["objects", feature.get("index"), "route", i, "at"];
          return Math.abs(old.lat - at.lat) + Math.abs(old.lon - at.lon) < 1e-4 ? [] : [{ path: [...path, "lat"], value: at.lat }, { path: [...path, "lon"], value: at.lon }];
        });
        if (changes.length) change(changes);
      }
    });
    shownMap.map.addInteraction(bend);
    shownMap.map.addInteraction(drag);
    shownMap.map.on("singleclick", (event) => {
      if (state.tool?.kind === "site" || state.tool?.kind === "asset") place(state.tool, degrees(event.coordinate));
    });
  }

  function free(base, key) {
    const taken = new Set([...list("sites"), ...list("assets"), ...list("objects")].map((one) => one.name));
    let i = 1;
    while (taken.has(`${base}-${i}`)) i += 1;
    return `${base}-${i}`;
  }

  function place(tool, at) {
    const value = tool.kind === "site" ? { name: free(tool.system, "sites"), system: tool.system, at } : { name: free("asset", "assets"), at, value: 1 };
    const key = tool.kind === "site" ? "sites" : "assets";
    state.tool = null;
    add(key, value);
  }

  const add = (key, value) => change(Array.isArray(state.data?.[key]) ? [{ path: [key, list(key).length], value }] : [{ path: [key], value: [value] }]);

  function drawRoute(tool) {
    const pencil = new ol.interaction.Draw({ type: "LineString", source: new ol.source.Vector() });
    state.tool = { ...tool, stop: () => shownMap.map.removeInteraction(pencil) };
    pencil.on("drawend", (event) => {
      const route = event.feature.getGeometry().getCoordinates().map((coordinate, i) => ({ at: degrees(coordinate), ...(i ? {} : { height: tool.height, speed: tool.speed }) }));
      setTimeout(() => shownMap.map.removeInteraction(pencil));
      state.tool = null;
      const aim = list("assets")[0]?.name;
      add("objects", { name: free(tool.class, "objects"), side: "hostile", duty: "impact", class: tool.class, count: tool.count, ...(tool.count > 1 ? { spacing: "10 s" } : {}), ...(aim ? { aim } : {}), route });
    });
    shownMap.map.addInteraction(pencil);
    draw();
  }

  function drawMap() {
    if (!plane) return;
    points.clear();
    routes.clear();
    for (const key of ["assets", "sites"]) {
      list(key).forEach((one, index) => {
        if (!isPlace(one.at)) return;
        const feature = new ol.Feature(new ol.geom.Point(plane.forward(one.at.lon, one.at.lat)));
        feature.setProperties({ path: [key, index], name: String(one.name), kind: key, sidc: symbolOf(one) });
        points.addFeature(feature);
      });
    }
    list("objects").forEach((one, index) => {
      const route = Array.isArray(one.route) ? one.route.filter((way) => isPlace(way.at)) : [];
      if (!route.length) return;
      const aim = list("assets").find((asset) => asset.name === one.aim);
      const way = route.map((step) => plane.forward(step.at.lon, step.at.lat));
      if (aim && isPlace(aim.at)) way.push(plane.forward(aim.at.lon, aim.at.lat));
      if (way.length < 2) way.push(way[0]);
      const feature = new ol.Feature(new ol.geom.LineString(way));
      feature.setProperties({ index, count: route.length, side: one.side });
      routes.addFeature(feature);
    });
  }

  function pointStyle(feature) {
    const asset = feature.get("kind") === "assets";
    return new ol.style.Style({
      image: asset ? new ol.style.RegularShape({ declutterMode: "none", points: 5, radius: 12, radius2: 5.5, fill: new ol.style.Fill({ color: cssColour("--asset-fill") }), stroke: new ol.style.Stroke({ color: cssColour("--asset"), width: 2 }) }) : new ol.style.Icon({ img: symbolPicture(feature.get("sidc"), 16), declutterMode: "none" }),
      text: new ol.style.Text({ declutterMode: "declutter", text: feature.get("name"), offsetY: asset ? -18 : 22, font: "12px system-ui, sans-serif", fill: new ol.style.Fill({ color: cssColour("--text") }), stroke: new ol.style.Stroke({ color: cssColour("--halo"), width: 3 }) }),
    });
  }

  function routeStyle(feature) {
    const colour = cssColour(feature.get("side") === "hostile" ? "--hostile" : feature.get("side") === "friend" ? "--friend" : "--neutral");
    const corners = feature.getGeometry().getCoordinates().slice(0, feature.get("count"));
    return [
      new ol.style.Style({ stroke: new ol.style.Stroke({ color: colour, width: 2, lineDash: [6, 4] }) }),
      new ol.style.Style({ geometry: new ol.geom.MultiPoint(corners), image: new ol.style.Circle({ radius: 4, fill: new ol.style.Fill({ color: colour }) }) }),
    ];
  }

  const problemsAt = (prefix) => state.problems.filter((one) => one.where === prefix || one.where.startsWith(`${prefix}.`));
  const problemList = (items) => (items.length ? el("ul", { class: "problems" }, items.map((one) => el("li", {}, el("b", {}, `${one.where}: `), `${one.what}; ${one.remedy}`, el("span", { class: "muted" }, one.line ? ` (${say("edit.line")} ${number(one.line)})` : "")))) : null);

  function placePart() {
    const system = el("select", { "aria-label": say("edit.system") }, vocabulary.systems.map((name) => el("option", { value: name, selected: name === "s-400" }, term("system", name))));
    const kind = el("select", { "aria-label": say("edit.class") }, vocabulary.classes.map((name) => el("option", { value: name, selected: name === "cruise-missile-subsonic" }, term("class", name))));
    const count = el("input", { type: "number", min: 1, max: 500, value: 4, title: say("edit.count"), "aria-label": say("edit.count") });
    const height = el("input", { value: "50 m agl", size: 10, title: say("edit.height"), "aria-label": say("edit.height") });
    const speed = el("input", { value: "240 m/s", size: 9, title: say("edit.speed"), "aria-label": say("edit.speed") });
    const choose = (tool) => { state.tool?.stop?.(); state.tool = tool; draw(); };
    return [
      el("section", { class: "panel" },
        choiceOfScenario(),
        el("h3", {}, say("edit.add")),
        el("div", { class: "row" }, system, el("button", { "data-tool": "site", onclick: () => choose({ kind: "site", system: system.value }) }, say("edit.add_site"))),
        el("div", { class: "row" }, el("button", { "data-tool": "asset", onclick: () => choose({ kind: "asset" }) }, say("edit.add_asset"))),
        el("div", { class: "row" }, kind, count, height, speed, el("button", { "data-tool": "route", onclick: () => { state.tool?.stop?.(); drawRoute({ kind: "route", class: kind.value, count: Number(count.value) || 1, height: height.value, speed: speed.value }); } }, say("edit.add_route"))),
        el("h3", {}, say("edit.problems")), state.problems.length ? problemList(state.problems.slice(0, 40)) : el("p", { class: "muted" }, say("edit.no_problems")),
        ...["assets", "sites", "objects"].map((key) => [el("h3", {}, say(`edit.${key}`)), el("ul", { class: "plain things" }, list(key).map((one, index) => thing(key, one, index)))])),
    ];
  }

  function thing(key, one, index) {
    const about = key === "sites" ? term("system", one.system) : key === "objects" ? `${number(Number(one.count) || 1)} × ${term("class", String(one.class))}` : isPlace(one.at) ? `${number(one.at.lat, 4)}, ${number(one.at.lon, 4)}` : "";
    return el("li", {}, el("b", {}, String(one.name)), el("span", { class: "muted" }, ` ${about} `), el("button", { class: "small", onclick: () => change([{ path: [key, index], delete: true }]) }, say("edit.remove")), problemList(problemsAt(`${key}.${one.name}`)));
  }

  function choiceOfScenario() {
    const choose = el("select", { class: "open", "aria-label": say("edit.open"), onchange: () => choose.value && open(choose.value) },
      el("option", { value: "" }, say("edit.open")), el("option", { value: "blank" }, say("edit.blank")), known.saved.map((id) => el("option", { value: id }, id)), known.shipped.map((id) => el("option", { value: id }, `${id} ${say("edit.shipped")}`)));
    return el("div", { class: "row" }, choose, el("button", { disabled: !state.past.length, onclick: () => { const text = state.past.pop(); take(() => ask("/api/editor/check", { yaml: text }), true); } }, say("edit.undo")));
  }

  function textPart() {
    const area = el("textarea", { class: "yaml", spellcheck: "false", "aria-label": say("edit.text") });
    area.value = state.yaml;
    return el("section", { class: "panel" }, el("p", { class: "muted" }, say("edit.text_about")), area, el("div", { class: "row" }, el("button", { onclick: () => take(() => ask("/api/editor/check", { yaml: area.value })) }, say("edit.apply"))), problemList(state.problems));
  }

  function runPart() {
    const id = el("input", { value: state.id, "aria-label": say("edit.id"), oninput: () => (state.id = id.value) });
    const seed = el("input", { type: "number", min: 0, value: 1, "aria-label": say("about.seed") });
    const { job } = state;
    return el("section", { class: "panel" },
      el("label", { class: "field" }, el("span", {}, say("edit.id")), id),
      el("div", { class: "row" }, el("button", { class: "save", onclick: save }, say("edit.save"))),
      el("label", { class: "field" }, el("span", {}, say("about.seed")), seed),
      el("div", { class: "row" }, el("button", { class: "run", disabled: job?.state === "running", onclick: async () => { if (await save()) run(Number(seed.value) || 0); } }, say("edit.run")),
        job && ["running", "waiting"].includes(job.state) ? el("button", { onclick: () => ask(`/api/jobs/${job.job}/cancel`, {}) }, say("edit.cancel")) : null),
      job ? el("div", { class: "job" }, el("p", {}, say(`job.${job.state}`), job.percent ? ` ${number(job.percent)} %` : ""), el("progress", job.state === "running" ? (job.percent ? { max: 100, value: job.percent } : {}) : { max: 1, value: job.state === "done" ? 1 : 0 }), el("p", { class: "muted" }, job.line), job.error ? el("pre", { class: "bad" }, job.error) : null,
        job.document ? el("p", {}, el("a", { class: "result", href: `/view/${job.document}` }, say("study.open"))) : null) : null,
      problemList(state.problems));
  }

  async function save() {
    let fine = false;
    try {
      const found = await ask("/api/editor/save", { id: state.id, yaml: state.yaml });
      fine = Boolean(found.saved);
      Object.assign(state, { problems: found.problems ?? [] });
      if (fine && !known.saved.includes(state.id)) known.saved.push(state.id);
      draw();
      renew(message, el("p", { class: fine ? "good" : "bad" }, fine ? say("edit.saved", { id: state.id }) : say("edit.not_saved")));
    } catch (error) {
      renew(message, el("p", { class: "bad" }, error.message));
    }
    return fine;
  }

  async function run(seed) {
    try {
      state.job = await ask("/api/editor/run", { id: state.id, seed });
    } catch (error) {
      renew(message, el("p", { class: "bad" }, error.message));
      return;
    }
    draw();
    follow(state.job, (job) => {
      state.job = job;
      if (state.tab === "run") draw();
    });
  }

  function draw() {
    drawMap();
    hint.textContent = state.tool ? say(`edit.hint_${state.tool.kind}`) : say("edit.hint");
    renew(tabs, TABS.map((name) => el("button", { role: "tab", id: `tab-${name}`, "aria-selected": String(name === state.tab), onclick: () => { state.tab = name; draw(); } }, say(`edit.tab_${name}`), name === "run" && state.problems.length ? ` (${number(state.problems.length)})` : "")));
    const parts = { place: placePart, doctrine: () => doctrineForm(vocabulary.schema, state.data?.doctrine ?? {}, change, problemsAt, problemList), text: textPart, run: runPart };
    renew(pane, parts[state.tab]());
  }

  const asked = new URLSearchParams(location.hash.slice(1)).get("open");
  await open(asked && [...known.saved, ...known.shipped].includes(asked) ? asked : "blank");
}

startEditor();
