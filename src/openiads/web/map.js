// The map: azimuthal equidistant about the centre, land and borders, rings, and the layer of what moves.
import { registerPlane } from "./aeqd.js";
import { cssColour } from "./dom.js";
import { number, say } from "./words.js";

export function makeMap(target, data, plane) {
  const projection = registerPlane(plane);
  const reach = (data.reach_km || 200) * 1000;
  const view = new ol.View({
    projection, center: [0, 0], resolution: 500, minResolution: 2, maxResolution: Math.max(4000, reach / 60),
    enableRotation: false, constrainResolution: false, extent: [-4 * reach, -4 * reach, 4 * reach, 4 * reach],
  });
  const base = baseLayers(data.basemap, plane);
  const map = new ol.Map({
    target, view, layers: base.layers, pixelRatio: window.devicePixelRatio || 1,
    controls: [new ol.control.Zoom({ zoomInTipLabel: say("map.zoom_in"), zoomOutTipLabel: say("map.zoom_out") }), new ol.control.ScaleLine({ minWidth: 80 })],
    interactions: ol.interaction.defaults.defaults({ altShiftDragRotate: false, pinchRotate: false, keyboard: false }),
  });
  const fitBox = (box) => view.fit(box, { size: map.getSize(), padding: [46, 24, 46, 24] });
  const fitTo = (radius) => fitBox([-radius, -radius, radius, radius]);
  return { map, view, plane, fitBox, fitTo, recolour: base.recolour, projection };
}

// Steps of [lon, lat, lon, lat, ...]: each coordinate is a step from the one before of its own kind.
function unpackPairs(steps, scale, plane) {
  const out = [];
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < steps.length; i += 2) {
    lon += steps[i];
    lat += steps[i + 1];
    out.push(plane.forward(lon * scale, lat * scale));
  }
  return out;
}

function baseLayers(packed, plane) {
  const shape = (list, make) => list.map((steps) => new ol.Feature(make(unpackPairs(steps, packed.scale, plane))));
  const layer = (features, style) => new ol.layer.Vector({
    source: new ol.source.Vector({ features }), style, updateWhileAnimating: true, updateWhileInteracting: true,
  });
  const fillStyle = () => new ol.style.Style({ fill: new ol.style.Fill({ color: cssColour("--land") }) });
  const lineStyle = (name, width, lineDash) => () => new ol.style.Style({ stroke: new ol.style.Stroke({ color: cssColour(name), width, lineDash }) });
  const made = [
    [layer(shape(packed.land, (p) => new ol.geom.Polygon([p]))), fillStyle],
    [layer(shape(packed.coast, (p) => new ol.geom.LineString(p))), lineStyle("--coast", 1)],
    [layer(shape(packed.border, (p) => new ol.geom.LineString(p))), lineStyle("--border-line", 1)],
    [layer(shape(packed.disputed, (p) => new ol.geom.LineString(p))), lineStyle("--border-line", 1, [4, 4])],
    [distanceLayer(), null],
  ];
  const recolour = () => made.forEach(([one, style]) => (style ? one.setStyle(style()) : one.changed()));
  recolour();
  return { layers: made.map(([one]) => one), recolour };
}

// Distances from the centre, so that a reader can judge how far things are: true on this projection.
function distanceLayer() {
  const features = [];
  for (const km of [25, 50, 100, 200, 300, 400, 600, 800, 1000]) {
    const feature = new ol.Feature(new ol.geom.Circle([0, 0], km * 1000));
    feature.set("km", km);
    features.push(feature);
  }
  return new ol.layer.Vector({
    source: new ol.source.Vector({ features }),
    style: (feature, resolution) => {
      const radius = (feature.get("km") * 1000) / resolution;
      if (radius < 45 || (feature.get("km") % 50 && radius < 90)) return null;
      return [
        new ol.style.Style({ stroke: new ol.style.Stroke({ color: cssColour("--graticule"), width: 1 }) }),
        new ol.style.Style({
          geometry: new ol.geom.Point([0, -feature.get("km") * 1000]),
          text: new ol.style.Text({
            text: `${number(feature.get("km"))} km`, font: "11px system-ui, sans-serif", fill: new ol.style.Fill({ color: cssColour("--muted") }),
            stroke: new ol.style.Stroke({ color: cssColour("--halo"), width: 3 }), overflow: true,
          }),
        }),
      ];
    },
  });
}

const RING_STYLE = { naive: ["--ring-naive", [7, 6], 1.5, null], horizon: ["--ring-horizon", [2, 4], 1.5, null], detection: ["--ring-detection", [], 1.5, "--ring-detection-fill"], engagement: ["--ring-engagement", [], 1.5, "--ring-engagement-fill"] };

export function ringLayer(sites, shown) {
  const features = [];
  for (const site of sites) {
    for (const ring of site.rings) {
      const points = Array.from(ring.path.x, (x, i) => [x, ring.path.y[i]]);
      if (points.length < 3) continue;
      points.push(points[0]);
      const feature = new ol.Feature(new ol.geom.Polygon([points]));
      feature.set("ring", ring);
      feature.set("site", site);
      features.push(feature);
    }
  }
  const layer = new ol.layer.Vector({
    source: new ol.source.Vector({ features }),
    style: (feature) => {
      const ring = feature.get("ring");
      if (!shown(ring)) return null;
      const [colour, dash, width, fill] = RING_STYLE[ring.kind] ?? RING_STYLE.naive;
      return new ol.style.Style({
        stroke: new ol.style.Stroke({ color: cssColour(colour), width, lineDash: dash }),
        fill: fill ? new ol.style.Fill({ color: cssColour(fill) }) : undefined,
      });
    },
  });
  return layer;
}
