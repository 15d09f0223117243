// The coverage page: areas by product, class and height, the brochure's ring beside them, and what ends the reach where.
import { makePlane } from "./aeqd.js";
import { makeChart } from "./charts.js";
import { unpack, unpackPath } from "./data.js";
import { cssColour, el, fittedCanvas, renew } from "./dom.js";
import { frameOf } from "./frame.js";
import { makeMap } from "./map.js";
import { symbolPicture } from "./symbols.js";
import { lengthText, number, say, share, term } from "./words.js";

const COLOURS = ["--series-1", "--series-3", "--series-2", "--series-4"];
const areaText = (m2) => `${number(m2 / 1e6)} km²`;

export function showCoverage(raw, root) {
  const plane = makePlane(raw.center[0], raw.center[1]);
  const outline = (packed) => {
    const path = unpackPath(packed, raw.scale, plane);
    return Array.from(path.x, (x, i) => [x, path.y[i]]);
  };
  const outlines = raw.outlines.map(outline);
  const layers = raw.layers.map((layer, index) => ({
    ...layer, index, shapes: layer.areas.map((row) => outlines[row]), ring: layer.naive === null ? null : outlines[layer.naive],
    ranges: unpack(layer.ranges, raw.scale.range_m), ends: layer.ends.flatMap(([factor, count]) => Array(count).fill(factor)), part: `${layer.site} ${layer.unit}`,
  }));
  const sites = raw.sites.map((site) => {
    const [x, y] = plane.forward(site.lon, site.lat);
    return { ...site, x, y };
  });
  const different = (key) => [...new Set(layers.map((layer) => layer[key]))];
  const heightKey = (layer) => `${layer.height_m} ${layer.datum}`;
  const byHeightAndDatum = (a, b) => a.height_m - b.height_m || a.datum.localeCompare(b.datum);
  const ORDER = ["detection", "firm_track", "engagement", "kinematic"];
  const rank = (name) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const products = different("product").sort((a, b) => rank(a) - rank(b));
  const classesOf = (product) => [...new Set(layers.filter((layer) => layer.product === product).map((layer) => layer.class))];
  const heightsOf = () => [...new Set(layers.filter((layer) => layer.product === state.product && layer.class === state.class).sort(byHeightAndDatum).map(heightKey))];
  const partsOf = () => [...new Map(layers.filter((layer) => layer.product === state.product && layer.class === state.class).sort((a, b) => a.site - b.site).map((layer) => [layer.part, layer])).values()];
  const partName = (layer) => (layer.site < 0 ? say("cover.whole") : layer.unit === sites[layer.site].name ? layer.unit : `${sites[layer.site].name}: ${layer.unit.replace(`${sites[layer.site].name}/`, "")}`);
  const state = { class: classesOf(products[0])[0], product: products[0], height: "", part: "", level: "", all: true, difference: -1 };
  const handle = { ready: false, t: 0, seek: () => undefined, play: () => undefined, state };
  window.__app = handle;

  const mapBox = el("div", { class: "map", tabindex: 0 });
  const tip = el("div", { class: "tip", role: "tooltip", hidden: true });
  const controls = el("section", { class: "panel cover-controls" });
  const facts = el("section", { class: "panel cover-facts" });
  const zooms = el("div", { class: "zooms" });
  const stage = el("div", { class: "stage" }, mapBox, zooms, tip);
  const frame = frameOf({ title: raw.name, about: raw.about, onLanguage: relabel, onTheme: recolour });
  renew(root, frame.node, el("main", { class: "work" }, stage, el("aside", { class: "side" }, el("div", { class: "pane" }, controls, facts))));

  const shownMap = makeMap(mapBox, raw, plane);
  const source = new ol.source.Vector();
  shownMap.map.addLayer(new ol.layer.Vector({ source }));
  const marks = new ol.source.Vector({ features: sites.map((site) => markOf(site)) });
  shownMap.map.addLayer(new ol.layer.Vector({ source: marks, declutter: true }));
  shownMap.fitTo(raw.reach_km * 1050);

  const chosen = () => layers.filter((layer) => layer.class === state.class && layer.product === state.product && heightKey(layer) === state.height && String(layer.level) === state.level);
  const shown = () => chosen().filter((layer) => state.part === layer.part || (state.all && layer.site >= 0));

  function markOf(site) {
    const feature = new ol.Feature(new ol.geom.Point([site.x, site.y]));
    feature.setStyle(new ol.style.Style({
      image: new ol.style.Icon({ img: symbolPicture(site.sidc, site.short_range ? 11 : 14) }),
      text: new ol.style.Text({ text: site.name, offsetY: 20, font: "12px system-ui, sans-serif", fill: new ol.style.Fill({ color: cssColour("--text") }), stroke: new ol.style.Stroke({ color: cssColour("--halo"), width: 3 }) }),
    }));
    return feature;
  }

  function polygon(points, colour, dash, opacity) {
    const feature = new ol.Feature(new ol.geom.Polygon([[...points, points[0]]]));
    feature.setStyle(new ol.style.Style({
      stroke: new ol.style.Stroke({ color: colour, width: dash ? 1.5 : 2, lineDash: dash }),
      fill: opacity ? new ol.style.Fill({ color: `${colour}${opacity}` }) : undefined,
    }));
    return feature;
  }

  function draw() {
    source.clear();
    const difference = raw.differences[state.difference];
    if (difference) {
      difference.gained.map((row) => outlines[row]).forEach((points) => source.addFeature(polygon(points, cssColour("--kill"), null, "44")));
      difference.lost.map((row) => outlines[row]).forEach((points) => source.addFeature(polygon(points, cssColour("--hostile"), null, "44")));
    } else {
      for (const layer of shown()) {
        const colour = cssColour(COLOURS[Math.max(layer.site, 0) % COLOURS.length]);
        for (const points of layer.shapes) if (points.length > 2) source.addFeature(polygon(points, colour, null, layer.part === state.part ? "33" : "10"));
        if (layer.ring && layer.part === state.part) source.addFeature(polygon(layer.ring, cssColour("--ring-naive"), [7, 6], ""));
      }
    }
    drawFacts();
  }

  function choice(label, options, value, onchange) {
    const box = el("select", { onchange: () => { onchange(box.value); draw(); } }, options.map(([key, text]) => el("option", { value: key, selected: String(key) === String(value) }, text)));
    return el("label", { class: "field" }, el("span", {}, label), box);
  }

  // What there is depends on what was chosen before: a choice that does not exist gives way to the nearest that does.
  function settle() {
    const classes = classesOf(state.product);
    if (!classes.includes(state.class)) state.class = classes[0];
    const heights = heightsOf();
    if (!heights.includes(state.height)) {
      const wanted = Number(String(state.height).split(" ")[0]) || 0;
      state.height = heights.reduce((best, one) => (Math.abs(Number(one.split(" ")[0]) - wanted) < Math.abs(Number(best.split(" ")[0]) - wanted) ? one : best), heights[0]);
    }
    const parts = partsOf();
    if (!parts.some((layer) => layer.part === state.part)) state.part = parts[0].part;
    const levels = [...new Set(layers.filter((layer) => layer.product === state.product && layer.class === state.class).map((layer) => String(layer.level)))].sort();
    if (!levels.includes(state.level)) state.level = levels[0];
    return { classes, heights, levels };
  }

  function relabel() {
    const { classes, heights, levels } = settle();
    const height = el("input", { type: "range", min: 0, max: heights.length - 1, step: 1, class: "slider", "aria-label": say("cover.height"), oninput: () => { state.height = heights[Number(height.value)]; shownHeight.textContent = heightText(); height.setAttribute("aria-valuetext", heightText()); draw(); } });
    height.value = heights.indexOf(state.height);
    const shownHeight = el("output", {}, heightText());
    renew(controls,
      choice(say("cover.product"), products.map((name) => [name, term("product", name)]), state.product, (value) => { state.product = value; relabel(); }),
      choice(say("cover.class"), classes.map((name) => [name, term("class", name)]), state.class, (value) => { state.class = value; relabel(); }),
      choice(say("cover.unit"), partsOf().map((layer) => [layer.part, partName(layer)]), state.part, (value) => (state.part = value)),
      levels.length > 1 ? choice(say("cover.level"), levels.map((level) => [level, share(Number(level))]), state.level, (value) => (state.level = value)) : null,
      el("label", { class: "field" }, el("span", {}, say("cover.height")), shownHeight, height),
      el("label", { class: "field check" }, el("input", { type: "checkbox", checked: state.all, onchange: (event) => { state.all = event.target.checked; draw(); } }), say("cover.all")),
      el("p", { class: "key" }, el("span", { class: "key-item" }, el("span", { class: "mark naive" }), ` ${say("legend.naive")}`), el("span", { class: "key-item" }, el("span", { class: "mark honest" }), ` ${say("legend.honest")}`)),
      raw.differences.length ? choice(say("cover.difference"), [[-1, say("cover.no_difference")], ...raw.differences.map((one, i) => [i, one.title])], state.difference, (value) => (state.difference = Number(value))) : null);
    const covered = () => Math.max(5000, ...shown().flatMap((layer) => layer.shapes.flatMap((points) => points.map(([x, y]) => Math.hypot(x, y)))));
    renew(zooms, el("button", { onclick: () => shownMap.fitTo(raw.reach_km * 1050) }, say("cover.zoom_naive")), el("button", { onclick: () => shownMap.fitTo(1.1 * covered()) }, say("cover.zoom_covered")));
    document.title = `${raw.name} · openiads`;
    draw();
  }

  function heightText() {
    const [metres, datum] = state.height.split(" ");
    return `${lengthText(Number(metres))} ${term("datum", datum)}`;
  }

  let charts = [];
  function drawFacts() {
    charts.forEach((chart) => chart.destroy());
    charts = [];
    const difference = raw.differences[state.difference];
    if (difference) return renew(facts, el("h3", {}, difference.title), el("p", {}, say("cover.gained", { area: areaText(difference.gained_area_m2) })), el("p", {}, say("cover.lost", { area: areaText(difference.lost_area_m2) })), notes());
    const layer = chosen().find((one) => one.part === state.part);
    if (!layer) return renew(facts, el("p", { class: "muted" }, say("cover.nothing")), notes());
    const reach = el("div", { class: "chart" });
    renew(facts,
      el("h3", {}, `${partName(layer)}: ${term("product", layer.product)}`),
      el("p", { class: "lead" }, layer.share === null ? areaText(layer.honest_area_m2) : say("cover.lead", { share: share(layer.share), class: term("class", layer.class), height: heightText() })),
      el("dl", {}, el("dt", {}, say("cover.honest")), el("dd", {}, areaText(layer.honest_area_m2)),
        layer.naive_area_m2 !== null ? [el("dt", {}, say("cover.naive")), el("dd", {}, `${areaText(layer.naive_area_m2)} (${lengthText(layer.naive_range_m)})`)] : null,
        layer.level !== null ? [el("dt", {}, say("cover.level")), el("dd", {}, share(layer.level))] : null,
        layer.band ? [el("dt", {}, say("cover.band")), el("dd", {}, layer.band.map(lengthText).join(" / "))] : null),
      Object.keys(layer.limits).length ? [el("h3", {}, say("cover.limits")), el("ul", { class: "shares" }, Object.entries(layer.limits).sort((a, b) => b[1] - a[1]).map(([factor, value]) => el("li", {}, el("span", {}, term("limit", factor)), el("span", { class: "gauge" }, el("span", { class: "fill", style: { width: `${100 * value}%`, background: "var(--series-1)" } })), el("span", { class: "value" }, share(value)))))] : null,
      layer.ranges.length ? [el("h3", {}, say("cover.by_bearing")), polar(layer)] : null,
      el("h3", {}, say("cover.by_height")), reach, notes());
    const line = byHeight(layer);
    if (line.x.length > 1) charts.push(makeChart(reach, line));
    return facts;
  }

  const mean = (values) => Array.from(values).reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

  function byHeight(layer) {
    const same = layers.filter((one) => one.part === layer.part && one.class === layer.class && one.product === layer.product && one.level === layer.level && one.datum === layer.datum).sort((a, b) => a.height_m - b.height_m);
    const range = (one) => (one.ranges.length ? mean(one.ranges) : Math.sqrt(one.honest_area_m2 / Math.PI)) / 1000;
    const y = [same.map(range)];
    const names = [say("cover.honest_range")];
    if (layer.naive_range_m !== null) {
      y.push(same.map((one) => one.naive_range_m / 1000));
      names.push(say("cover.naive_range"));
    }
    return { x: same.map((one) => one.height_m), y, names, x_label: `m ${term("datum", layer.datum)}`, y_label: "km", style: "line", log: same.length > 0 && same[0].height_m > 0 };
  }

  function polar(layer) {
    const drawing = fittedCanvas(say("cover.by_bearing"), (pen, width, height) => {
      const most = Math.max(layer.naive_range_m ?? 0, ...layer.ranges);
      const scale = (Math.min(width, height) / 2 - 14) / most;
      pen.translate(width / 2, height / 2);
      pen.strokeStyle = cssColour("--ring-naive");
      pen.setLineDash([6, 5]);
      pen.beginPath();
      pen.arc(0, 0, (layer.naive_range_m ?? 0) * scale, 0, 2 * Math.PI);
      pen.stroke();
      pen.setLineDash([]);
      layer.ranges.forEach((range, bearing) => {
        pen.strokeStyle = cssColour(FACTOR_COLOURS[(layer.ends[bearing] ?? 0) % FACTOR_COLOURS.length]);
        const angle = ((bearing - 90) * Math.PI) / 180;
        pen.lineWidth = Math.max(1, (range * scale * Math.PI) / 180);
        pen.beginPath();
        pen.moveTo(0, 0);
        pen.lineTo(range * scale * Math.cos(angle), range * scale * Math.sin(angle));
        pen.stroke();
      });
      pen.fillStyle = cssColour("--muted");
      pen.font = "11px system-ui, sans-serif";
      pen.textAlign = "center";
      pen.fillText("N", 0, -Math.min(width, height) / 2 + 10);
    });
    drawing.canvas.className = "polar";
    const present = [...new Set(layer.ends)];
    return [drawing.canvas, el("p", { class: "key" }, present.map((i) => el("span", { class: "key-item" }, el("span", { class: "swatch wide", style: { background: `var(${FACTOR_COLOURS[i % FACTOR_COLOURS.length]})` } }), term("limit", raw.factors[i]))))];
  }

  function notes() {
    const list = (key, items) => (items.length ? [el("h3", {}, say(key)), el("ul", {}, items.map((item) => el("li", {}, item)))] : null);
    return [el("p", { class: "muted" }, say("about.projection")), el("p", { class: "muted" }, say("about.borders")), raw.notes.terrain ? el("p", {}, `${say("about.terrain")}: ${raw.notes.terrain}`) : null, list("about.limits", raw.notes.limits), list("about.sources", raw.notes.sources)];
  }

  shownMap.map.on("pointermove", (event) => {
    const layer = chosen().find((one) => one.part === state.part && one.ranges.length === 360);
    const site = layer && (layer.site < 0 ? { lon: raw.center[0], lat: raw.center[1] } : sites[layer.site]);
    tip.hidden = !site || event.dragging;
    if (tip.hidden) return;
    const [lon, lat] = plane.inverse(...event.coordinate);
    const { bearing, distance } = fromSite(site, lon, lat);
    const range = layer.ranges[Math.floor(bearing) % 360];
    const factor = raw.factors[layer.ends[Math.floor(bearing) % 360]];
    renew(tip, el("b", {}, say(distance <= range ? "cover.inside" : "cover.outside", { distance_m: distance, bearing: number(bearing) })), el("div", {}, say("cover.ends", { range_m: range, factor: factor ? term("limit", factor) : undefined })));
    tip.style.left = `${Math.min(event.pixel[0] + 14, mapBox.clientWidth - 260)}px`;
    tip.style.top = `${Math.min(event.pixel[1] + 14, mapBox.clientHeight - 70)}px`;
  });
  mapBox.addEventListener("pointerleave", () => (tip.hidden = true));

  function recolour() {
    shownMap.recolour();
    marks.clear();
    marks.addFeatures(sites.map((site) => markOf(site)));
    draw();
  }

  relabel();
  shownMap.map.renderSync();
  handle.ready = true;
  return handle;
}

const FACTOR_COLOURS = ["--series-1", "--series-2", "--series-3", "--series-4", "--strobe", "--muted", "--unknown"];

// Distance and bearing on the sphere.
function fromSite(site, lon, lat) {
  const rad = Math.PI / 180;
  const d = (lon - site.lon) * rad;
  const y = Math.sin(d) * Math.cos(lat * rad);
  const x = Math.cos(site.lat * rad) * Math.sin(lat * rad) - Math.sin(site.lat * rad) * Math.cos(lat * rad) * Math.cos(d);
  const cosine = Math.sin(site.lat * rad) * Math.sin(lat * rad) + Math.cos(site.lat * rad) * Math.cos(lat * rad) * Math.cos(d);
  return { bearing: ((Math.atan2(y, x) / rad) + 360) % 360, distance: 6371008.8 * Math.acos(Math.min(1, Math.max(-1, cosine))) };
}
