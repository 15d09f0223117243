// Everything that moves, on one canvas over the map: batched by colour, symbols from a cache, no feature objects.
import { destination } from "./aeqd.js";
import { cssColour } from "./dom.js";
import { lastAt } from "./data.js";
import { delayAt, labelAt, objectThere, placeAt, radarOn, shotFlying, strobeAt, trackThere, TRAIL_S } from "./scene.js";
import { frozen, stamp, symbol, withIdentity } from "./symbols.js";

const SIDE_OF_LABEL = { hostile: "hostile", suspect: "hostile", friend: "friend", assumed_friend: "friend", neutral: "neutral" };
const sideColour = (label) => SIDE_OF_LABEL[label] ?? "unknown";
const SIDE_OF_TRUTH = { hostile: "hostile", friend: "friend", civil: "neutral" };
const FLASH_S = 6;
const CROSS_S = 40;
const MARK_PX = 22;
const TRAIL_STEP_PX = 4;

export function makeMovingLayer(replay, state) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const spot = { x: 0, y: 0, alt: 0, i: 0, age: 0 };
  let view = null;
  let frame = null;
  const counter = { frames: 0 };
  let colours = null;
  const hits = [];
  const names = [];
  const stamps = new Map();
  const widths = new Map();
  const px = (x) => (x - view.x0) / view.resolution;
  const py = (y) => (view.y0 - y) / view.resolution;
  const inside = (x, y) => x > -40 && y > -40 && x < view.width + 40 && y < view.height + 40;

  // The canvas lies over the map's own, so that a tick of the clock repaints what moves and nothing else.
  function attach(map) {
    canvas.className = "moving";
    map.getViewport().insertBefore(canvas, map.getViewport().firstElementChild.nextSibling);
    map.on("postrender", (event) => {
      frame = event.frameState;
      repaint();
    });
  }

  function repaint() {
    if (!frame) return;
    const [width, height] = frame.size;
    const ratio = frame.pixelRatio;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    const { center, resolution } = frame.viewState;
    view = { x0: center[0] - (width / 2) * resolution, y0: center[1] + (height / 2) * resolution, resolution, width, height };
    colours = colours ?? readColours();
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.lineJoin = "bevel";
    hits.length = 0;
    paint(state.t, state.show);
    counter.frames += 1;
  }

  function paint(t, show) {
    if (show.sectors) paintSectors(t);
    if (show.strobes) paintStrobes(t);
    names.length = 0;
    paintPlaces(t, show);
    if (show.truth) paintTruth(t, show);
    if (show.shots) paintShots(t);
    if (show.tracks) paintTracks(t, show);
    paintEnds(t);
    paintSelected(t);
    if (show.labels) paintNames();
  }

  function line(width, colour, dash) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.setLineDash(dash ?? []);
    pen.beginPath();
  }

  function paintSectors(t) {
    for (const site of replay.sites) {
      for (const radar of site.radars) {
        if (radar.width_deg >= 359 || !radarOn(radar, t) || (site.lost !== null && t >= site.lost)) continue;
        line(1, colours.sector, [6, 5]);
        pen.moveTo(px(site.x), py(site.y));
        for (const [x, y] of sectorOf(site, radar)) pen.lineTo(px(x), py(y));
        pen.closePath();
        pen.fillStyle = colours.sectorFill;
        pen.fill();
        pen.stroke();
      }
    }
  }

  function sectorOf(site, radar) {
    if (!radar.outline) {
      const from = radar.facing_deg - radar.width_deg / 2;
      const count = Math.max(2, Math.ceil(radar.width_deg / 3));
      radar.outline = Array.from({ length: count + 1 }, (_, i) =>
        replay.plane.forward(...destination(site.lon, site.lat, from + (radar.width_deg * i) / count, radar.range_m)));
    }
    return radar.outline;
  }

  function paintStrobes(t) {
    line(2, colours.strobe, [2, 5]);
    for (const strobe of replay.strobes) {
      const bearing = strobeAt(strobe, t);
      if (bearing === null || strobe.site < 0) continue;
      const site = replay.sites[strobe.site];
      const [endX, endY] = replay.plane.forward(...destination(site.lon, site.lat, bearing, replay.reach_km * 1300));
      const x = px(site.x);
      const y = py(site.y);
      const long = Math.hypot(px(endX) - x, py(endY) - y);
      pen.moveTo(x, y);
      pen.lineTo(px(endX), py(endY));
      hits.push({ kind: "strobe", item: strobe, x: x + (90 * (px(endX) - x)) / long, y: y + (90 * (py(endY) - y)) / long, size: 10 });
    }
    pen.stroke();
  }

  function paintPlaces(t, show) {
    for (const asset of replay.assets) paintAsset(asset, t);
    for (const site of replay.sites) {
      const x = px(site.x);
      const y = py(site.y);
      if (!inside(x, y)) continue;
      const lost = site.lost !== null && t >= site.lost;
      pen.globalAlpha = lost ? 0.45 : 1;
      const size = placeSize() * (site.short_range ? 0.8 : 1);
      stamp(pen, site.sidc, size, x, y);
      pen.globalAlpha = 1;
      if (lost) cross(x, y, 0.7 * size, colours.hostile, 3);
      hits.push({ kind: "site", item: site, x, y, size: 0.8 * size });
      names.push({ text: site.name, x, y, gap: 0.75 * size + 8, colour: lost ? colours.muted : colours.text, strong: false, rank: site.short_range ? 2 : 1 });
    }
  }

  const placeSize = () => Math.min(17, Math.max(9, 2600 / view.resolution + 8));

  function paintAsset(asset, t) {
    const x = px(asset.x);
    const y = py(asset.y);
    if (!inside(x, y)) return;
    const hit = asset.hits.filter((time) => time <= t).length;
    const stopped = asset.stopped !== null && t >= asset.stopped;
    pen.setLineDash([]);
    pen.fillStyle = stopped ? colours.hostile : hit ? colours.unknown : colours.assetFill;
    pen.strokeStyle = colours.asset;
    pen.lineWidth = 2;
    pen.beginPath();
    for (let k = 0; k < 10; k++) {
      const radius = (k % 2 ? 0.3 : 0.66) * placeSize();
      const angle = (k * Math.PI) / 5 - Math.PI / 2;
      pen.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    }
    pen.closePath();
    pen.fill();
    pen.stroke();
    hits.push({ kind: "asset", item: asset, x, y, size: 13 });
    names.push({ text: hit ? `${asset.name} (${hit})` : asset.name, x, y, gap: 17, colour: colours.asset, strong: true, rank: 0 });
  }

  function paintTruth(t, show) {
    for (const side of ["hostile", "friend", "civil"]) {
      const colour = colours[SIDE_OF_TRUTH[side]];
      if (show.trails) {
        line(1, colour, replay.objects.length > 150 ? [] : [1, 3]);
        pen.globalAlpha = replay.objects.length > 150 ? 0.4 : 0.65;
        for (const object of replay.objects) if (object.side === side && objectThere(object, t)) trail(object.path, t);
        pen.stroke();
        pen.globalAlpha = 1;
      }
      const mark = marks(`diamond-${side}`, () => diamond(colour));
      for (const object of replay.objects) {
        if (object.side !== side || !objectThere(object, t) || !placeAt(object.path, t, spot)) continue;
        const x = px(spot.x);
        const y = py(spot.y);
        if (!inside(x, y)) continue;
        stampMark(mark, x, y);
        hits.push({ kind: "object", item: object, x, y, size: 8 });
      }
    }
  }

  // Small marks are drawn once and stamped, which is several times faster than a path each.
  function marks(key, draw) {
    if (!stamps.has(key)) stamps.set(key, draw());
    return stamps.get(key);
  }

  function markCanvas(draw) {
    const made = document.createElement("canvas");
    const ratio = window.devicePixelRatio || 1;
    made.width = made.height = Math.ceil(MARK_PX * ratio);
    const tool = made.getContext("2d");
    tool.scale(ratio, ratio);
    tool.translate(MARK_PX / 2, MARK_PX / 2);
    draw(tool);
    return frozen(made);
  }

  function stampMark(mark, x, y) {
    pen.drawImage(mark, Math.round(x) - MARK_PX / 2, Math.round(y) - MARK_PX / 2, MARK_PX, MARK_PX);
  }

  const diamond = (colour) => markCanvas((tool) => {
    tool.rotate(Math.PI / 4);
    tool.fillStyle = colours.halo;
    tool.strokeStyle = colour;
    tool.lineWidth = 1.6;
    tool.fillRect(-3.2, -3.2, 6.4, 6.4);
    tool.strokeRect(-3.2, -3.2, 6.4, 6.4);
  });

  const crossMark = (colour) => markCanvas((tool) => {
    tool.strokeStyle = colour;
    tool.lineWidth = 2;
    tool.beginPath();
    tool.moveTo(-5, -5);
    tool.lineTo(5, 5);
    tool.moveTo(5, -5);
    tool.lineTo(-5, 5);
    tool.stroke();
  });

  const burstMark = () => markCanvas((tool) => {
    tool.fillStyle = colours.hostile;
    tool.strokeStyle = colours.halo;
    tool.beginPath();
    for (let k = 0; k < 16; k++) {
      const radius = k % 2 ? 4 : 9;
      tool.lineTo(radius * Math.cos((k * Math.PI) / 8), radius * Math.sin((k * Math.PI) / 8));
    }
    tool.closePath();
    tool.fill();
    tool.stroke();
  });

  function trail(path, t) {
    const from = t - TRAIL_S;
    const start = Math.max(0, lastAt(path.t, from));
    if (!placeAt(path, Math.max(from, path.t[0]), spot)) return;
    let x = px(spot.x);
    let y = py(spot.y);
    pen.moveTo(x, y);
    for (let i = start + 1; i < path.t.length && path.t[i] < t; i++) {
      const nextX = px(path.x[i]);
      const nextY = py(path.y[i]);
      if (Math.abs(nextX - x) + Math.abs(nextY - y) < TRAIL_STEP_PX) continue;
      pen.lineTo(nextX, nextY);
      x = nextX;
      y = nextY;
    }
    placeAt(path, t, spot);
    pen.lineTo(px(spot.x), py(spot.y));
  }

  function paintTracks(t, show) {
    const live = replay.tracks.filter((track) => trackThere(track, t));
    if (show.trails) {
      for (const side of ["hostile", "friend", "neutral", "unknown"]) {
        line(2, colours[side]);
        for (const track of live) if (sideColour(labelAt(track, t)) === side) trail(track.path, t);
        pen.stroke();
      }
    }
    if (show.truth) paintLags(live, t);
    const size = live.length > 600 ? 11 : live.length > 150 ? 13 : 16;
    for (const track of live) {
      placeAt(track.path, t, spot);
      const x = px(spot.x);
      const y = py(spot.y);
      if (!inside(x, y)) continue;
      pen.globalAlpha = spot.age > 12 ? 0.5 : 1;
      stamp(pen, withIdentity(track.sidc, labelAt(track, t)), size, x, y);
      hits.push({ kind: "track", item: track, x, y, size: size * 0.8 });
    }
    pen.globalAlpha = 1;
  }

  // From where the picture has it to where it is: lateness and error, drawn.
  function paintLags(live, t) {
    line(1, colours.muted);
    for (const track of live) {
      if (track.object < 0 || delayAt(track, t) === null) continue;
      const object = replay.objects[track.object];
      if (!objectThere(object, t)) continue;
      placeAt(track.path, t, spot);
      pen.moveTo(px(spot.x), py(spot.y));
      placeAt(object.path, t, spot);
      pen.lineTo(px(spot.x), py(spot.y));
    }
    pen.stroke();
  }

  function paintShots(t) {
    const flying = replay.shots.filter((shot) => shotFlying(shot, t));
    line(1.2, colours.shot, [5, 4]);
    for (const shot of flying) {
      pen.moveTo(px(shot.x0), py(shot.y0));
      pen.lineTo(px(shot.x1), py(shot.y1));
    }
    pen.stroke();
    line(2.4, colours.shot);
    for (const shot of flying) {
      const f = (t - shot.t0) / (shot.t1 - shot.t0);
      const x = px(shot.x0 + (shot.x1 - shot.x0) * f);
      const y = py(shot.y0 + (shot.y1 - shot.y0) * f);
      pen.moveTo(px(shot.x0), py(shot.y0));
      pen.lineTo(x, y);
      hits.push({ kind: "shot", item: shot, x, y, size: 8 });
    }
    pen.stroke();
    paintMissiles(flying, t);
    for (const shot of replay.shots) if (t >= shot.t1 && t < shot.t1 + FLASH_S) flash(shot, (t - shot.t1) / FLASH_S);
  }

  function paintMissiles(flying, t) {
    line(1.2, colours.shot);
    for (const shot of flying) {
      const x = px(shot.x1);
      const y = py(shot.y1);
      pen.moveTo(x - 6, y);
      pen.lineTo(x + 6, y);
      pen.moveTo(x, y - 6);
      pen.lineTo(x, y + 6);
    }
    pen.stroke();
    pen.fillStyle = colours.shot;
    pen.beginPath();
    for (const shot of flying) {
      const f = (t - shot.t0) / (shot.t1 - shot.t0);
      const along = Math.atan2(py(shot.y1) - py(shot.y0), px(shot.x1) - px(shot.x0));
      const x = px(shot.x0 + (shot.x1 - shot.x0) * f);
      const y = py(shot.y0 + (shot.y1 - shot.y0) * f);
      const [c, s] = [Math.cos(along), Math.sin(along)];
      pen.moveTo(x + 8 * c, y + 8 * s);
      pen.lineTo(x - 5 * c - 4.5 * s, y - 5 * s + 4.5 * c);
      pen.lineTo(x - 5 * c + 4.5 * s, y - 5 * s - 4.5 * c);
      pen.closePath();
    }
    pen.fill();
  }

  function flash(shot, f) {
    const x = px(shot.x1);
    const y = py(shot.y1);
    pen.globalAlpha = 1 - f;
    line(3, shot.outcome === "killed" ? colours.kill : colours.muted, shot.outcome === "killed" ? [] : [3, 3]);
    pen.arc(x, y, 6 + 16 * f, 0, 2 * Math.PI);
    pen.stroke();
    pen.globalAlpha = 1;
  }

  // Where objects ended: a cross where one was shot down, a filled burst where one reached its aim.
  function paintEnds(t) {
    for (const object of replay.objects) {
      if (object.ends === null || t < object.ends || !["killed", "leaked"].includes(object.outcome)) continue;
      placeAt(object.path, object.ends, spot);
      const x = px(spot.x);
      const y = py(spot.y);
      if (!inside(x, y)) continue;
      if (object.outcome === "leaked") stampMark(marks("burst", burstMark), x, y);
      else {
        const colour = object.side === "hostile" ? colours.kill : colours.hostile;
        pen.globalAlpha = t - object.ends < CROSS_S ? 1 : 0.4;
        stampMark(marks(`cross-${colour}`, () => crossMark(colour)), x, y);
        pen.globalAlpha = 1;
      }
      hits.push({ kind: "object", item: object, x, y, size: 7 });
    }
  }

  function cross(x, y, size, colour, width) {
    line(width, colour);
    pen.moveTo(x - size, y - size);
    pen.lineTo(x + size, y + size);
    pen.moveTo(x + size, y - size);
    pen.lineTo(x - size, y + size);
    pen.stroke();
  }

  function paintSelected(t) {
    const object = state.selected;
    if (!object) return;
    line(1.5, colours.text, [2, 4]);
    object.path.x.forEach((x, i) => (i ? pen.lineTo(px(x), py(object.path.y[i])) : pen.moveTo(px(x), py(object.path.y[i]))));
    pen.stroke();
    if (!placeAt(object.path, Math.min(t, object.ends ?? t), spot)) return;
    line(2, colours.text);
    pen.arc(px(spot.x), py(spot.y), 15, 0, 2 * Math.PI);
    pen.stroke();
  }

  // Names where there is room: above, below, right, left; the defended first, then large units.
  function paintNames() {
    const taken = names.map(({ x, y, gap }) => [x - gap + 8, y - gap + 8, x + gap - 8, y + gap - 8]);
    const free = (box) => taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
    for (const name of names.sort((one, two) => one.rank - two.rank)) {
      pen.font = `${name.strong ? "600 " : ""}12px system-ui, sans-serif`;
      const text = name.text.length > 40 ? `${name.text.slice(0, 38)}…` : name.text;
      const half = widthOf(text, name.strong) / 2;
      const beside = half + name.gap - 4;
      const spots = [[0, -name.gap], [0, name.gap], [beside, 0], [-beside, 0], [beside, name.gap], [-beside, name.gap], [beside, -name.gap], [-beside, -name.gap]];
      for (const [dx, dy] of spots) {
        const box = [name.x + dx - half, name.y + dy - 7, name.x + dx + half, name.y + dy + 7];
        if (!free(box)) continue;
        taken.push(box);
        label(text, name.x + dx, name.y + dy, name.colour);
        break;
      }
    }
  }

  function widthOf(text, strong) {
    const key = `${strong}${text}`;
    if (!widths.has(key)) widths.set(key, pen.measureText(text).width);
    return widths.get(key);
  }

  function label(text, x, y, colour) {
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.setLineDash([]);
    pen.lineWidth = 3;
    pen.strokeStyle = colours.halo;
    pen.strokeText(text, x, y);
    pen.fillStyle = colour;
    pen.fillText(text, x, y);
  }

  function nearest(x, y, reach) {
    let best = null;
    let least = Infinity;
    for (const hit of hits) {
      const distance = Math.hypot(hit.x - x, hit.y - y) - hit.size;
      if (distance < reach && distance < least) [best, least] = [hit, distance];
    }
    return best;
  }

  return {
    attach, repaint, counter, nearest, hits,
    recolour: () => {
      colours = null;
      stamps.clear();
    },
  };
}

function readColours() {
  const names = ["hostile", "friend", "neutral", "unknown", "shot", "kill", "strobe", "sector", "sector-fill", "text", "muted", "halo", "asset", "asset-fill"];
  const found = Object.fromEntries(names.map((name) => [name.replace(/-(\w)/g, (_, c) => c.toUpperCase()), cssColour(`--${name}`)]));
  return found;
}

export const warmSymbols = (replay) => {
  for (const track of replay.tracks.slice(0, 50)) for (const label of ["unknown", "hostile", "neutral", "friend"]) symbol(withIdentity(track.sidc, label), 16);
};
