// From the replay file to typed arrays on the map plane.
import { makePlane } from "./aeqd.js";

export const FORMATS = { "openiads-replay": 2, "openiads-coverage": 1, "openiads-replications": 1, "openiads-study": 2 };

export async function loadData(name) {
  const inline = document.getElementById("data");
  const raw = inline ? JSON.parse(inline.textContent) : await fetched(`/api/data/${name}`);
  const version = FORMATS[raw.format];
  if (!version) throw new Error(`unknown format: ${raw.format}`);
  if (version !== raw.version) throw new Error(`unknown version: ${raw.version}`);
  return raw;
}

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

export function unpack(steps, scale) {
  const out = new Float64Array(steps.length);
  let sum = 0;
  for (let i = 0; i < steps.length; i++) {
    sum += steps[i];
    out[i] = sum * scale;
  }
  return out;
}

export function unpackPath(path, scale, plane) {
  const lon = unpack(path.lon, scale.deg);
  const lat = unpack(path.lat, scale.deg);
  const x = new Float64Array(lon.length);
  const y = new Float64Array(lon.length);
  for (let i = 0; i < lon.length; i++) [x[i], y[i]] = plane.forward(lon[i], lat[i]);
  return { t: path.t ? unpack(path.t, scale.t) : null, x, y, alt: path.alt ? unpack(path.alt, scale.m) : null };
}

// Index of the last value that is not above `t`; -1 when all are.
export function lastAt(times, t) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function decodeReplay(raw) {
  const plane = makePlane(raw.center[0], raw.center[1]);
  const at = (item) => {
    [item.x, item.y] = plane.forward(item.lon, item.lat);
    return item;
  };
  const number = (steps) => steps && { t: unpack(steps.t, raw.scale.t), v: steps.v };
  const replay = { ...raw, plane, assets: raw.assets.map((a) => at({ ...a })) };
  replay.sites = raw.sites.map((site) => at({
    ...site,
    busy: number(site.busy),
    magazines: site.magazines.map((m) => ({ ...m, left: number(m.left) })),
    rings: site.rings.map((r) => ({ ...r, path: unpackPath(r, raw.scale, plane) })),
  }));
  replay.objects = raw.objects.map((o, index) => ({ ...o, index, path: unpackPath(o.path, raw.scale, plane), tracks: [], shots: [] }));
  replay.tracks = raw.tracks.map((track, index) => ({
    ...track, index, symbols: symbolsOf(track.kinds, raw), path: unpackPath(track.path, raw.scale, plane), delay: track.delay && unpack(track.delay, raw.scale.delay),
  }));
  replay.tracks.forEach((track) => track.object >= 0 && replay.objects[track.object].tracks.push(track));
  replay.shots = raw.shots.map((shot, index) => {
    const [x0, y0] = plane.forward(shot.from[0], shot.from[1]);
    const [x1, y1] = plane.forward(shot.to[0], shot.to[1]);
    return { ...shot, index, x0, y0, x1, y1 };
  });
  replay.shots.forEach((shot) => shot.object >= 0 && replay.objects[shot.object].shots.push(shot));
  replay.strobes = raw.strobes.map((s) => ({ ...s, t: unpack(s.t, raw.scale.t), bearing: unpack(s.bearing, 0.1) }));
  replay.events = decodeEvents(raw);
  return replay;
}

// From when on which symbol.
function symbolsOf(kinds, raw) {
  const times = unpack(kinds.t, raw.scale.t);
  return kinds.k.map((row, i) => [times[i], raw.symbols[row]]);
}

function decodeEvents(raw) {
  const source = raw.events;
  const times = unpack(source.t, raw.scale.t);
  return Array.from(times, (t, i) => ({
    t, index: i, kind: source.kinds[source.kind[i]], object: source.object[i], site: source.site[i], track: raw.tracks[source.track[i]]?.name ?? "", args: source.said[source.args[i]],
  }));
}
