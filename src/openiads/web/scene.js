// What holds at a moment: positions, beliefs, counts. Reads the decoded replay; draws nothing.
import { lastAt } from "./data.js";

export const TRAIL_S = 120;
const BIN_S = 30;
const UNKNOWN_IN_THE_AIR = "10010100000000000000";
export const GROUPS = {
  raid: ["appeared", "released", "turned_back", "left", "task_done", "lost"],
  sensing: ["detected", "track_started", "track_lost", "jammed", "jamming_ended"],
  identity: ["identified", "wrongly_identified", "civil_engaged", "friendly_engaged"],
  decision: ["order", "held", "not_engaged", "assigned", "no_solution", "taken_for_dead", "taken_for_alive", "alone"],
  shots: ["launched", "gun_burst", "missed", "support_lost", "out_of_rounds", "reloaded"],
  results: ["killed", "reached", "impact", "asset_stopped", "unit_hit", "radar_off", "radar_on", "civil_lost", "friendly_lost", "note"],
};
export const GROUP_OF = Object.fromEntries(Object.entries(GROUPS).flatMap(([group, kinds]) => kinds.map((kind) => [kind, group])));
export const BAD = new Set(["reached", "impact", "asset_stopped", "unit_hit", "civil_lost", "friendly_lost", "civil_engaged", "friendly_engaged", "wrongly_identified"]);

// Where a path is at `t`, written into `out`; false before its first sample.
export function placeAt(path, t, out) {
  const last = path.t.length - 1;
  if (last < 0 || t < path.t[0]) return false;
  const i = lastAt(path.t, t);
  out.i = i;
  if (i >= last) {
    out.x = path.x[last];
    out.y = path.y[last];
    out.alt = path.alt[last];
    out.age = t - path.t[last];
    return true;
  }
  const f = (t - path.t[i]) / (path.t[i + 1] - path.t[i]);
  out.x = path.x[i] + (path.x[i + 1] - path.x[i]) * f;
  out.y = path.y[i] + (path.y[i + 1] - path.y[i]) * f;
  out.alt = path.alt[i] + (path.alt[i + 1] - path.alt[i]) * f;
  out.age = 0;
  return true;
}

export function velocityAt(path, t) {
  const last = path.t.length - 1;
  const i = Math.min(Math.max(lastAt(path.t, t), 0), last - 1);
  if (last < 1) return { speed: 0, bearing: 0 };
  const dt = path.t[i + 1] - path.t[i];
  const dx = path.x[i + 1] - path.x[i];
  const dy = path.y[i + 1] - path.y[i];
  return { speed: Math.hypot(dx, dy, path.alt[i + 1] - path.alt[i]) / dt, bearing: Math.atan2(dx, dy) };
}

export const objectThere = (object, t) => object.path.t.length > 0 && t >= object.path.t[0] && (object.ends === null || t < object.ends);
export const trackThere = (track, t) => track.path.t.length > 0 && t >= track.path.t[0] && (track.ends === null || t < track.ends);

export function beliefAt(track, t) {
  let found = null;
  for (const belief of track.beliefs) if (belief[0] <= t) found = belief;
  return found;
}

export function labelAt(track, t) {
  const belief = beliefAt(track, t);
  return belief ? belief[1] : "pending";
}

// The symbol of what a track is taken for, without its identity: nothing is known before the first look.
export function symbolAt(track, t) {
  let found = null;
  for (const [from, sidc] of track.symbols) if (from <= t) found = sidc;
  return found ?? UNKNOWN_IN_THE_AIR;
}

// The tracks that live at some time in the same half minute: few to look through even where there are many over the hours.
export function tracksNear(replay, t) {
  if (!replay.trackBins) {
    replay.trackBins = Array.from({ length: Math.floor((replay.t1 - replay.t0) / BIN_S) + 1 }, () => []);
    const bin = (time) => Math.min(replay.trackBins.length - 1, Math.max(0, Math.floor((time - replay.t0) / BIN_S)));
    for (const track of replay.tracks) {
      if (!track.path.t.length) continue;
      for (let k = bin(track.path.t[0]); k <= bin(track.ends ?? replay.t1); k++) replay.trackBins[k].push(track);
    }
  }
  return replay.trackBins[Math.min(replay.trackBins.length - 1, Math.max(0, Math.floor((t - replay.t0) / BIN_S)))];
}

export function delayAt(track, t) {
  return track.delay ? track.delay[Math.max(0, lastAt(track.path.t, t))] : null;
}

// Moments in the life of one object: when it came, was seen, held as a firm track, identified, shot at, ended.
export function lifeOf(replay, object) {
  if (object.life) return object.life;
  const seen = replay.events.find((e) => e.object === object.index && e.kind === "detected");
  const firm = Math.min(Infinity, ...object.tracks.map((track) => track.path.t[0] ?? Infinity));
  const wanted = object.side === "hostile" ? ["hostile", "suspect"] : ["neutral", "friend", "assumed_friend"];
  const named = Math.min(Infinity, ...object.tracks.flatMap((track) => track.beliefs.filter((b) => wanted.includes(b[1])).map((b) => b[0])));
  const held = object.tracks.map((track) => [track.path.t[0], track.ends ?? replay.t1]);
  const begins = object.path.t[0] ?? 0;
  object.life = { begins, seen: seen ? seen.t : firm, firm, named, held, ends: object.ends ?? replay.t1 };
  return object.life;
}

export function prepareLives(replay) {
  const first = new Map();
  for (const event of replay.events) if (event.kind === "detected" && event.object >= 0 && !first.has(event.object)) first.set(event.object, event.t);
  for (const object of replay.objects) {
    const life = lifeOf({ ...replay, events: [] }, object);
    life.seen = Math.min(first.get(object.index) ?? Infinity, life.firm);
  }
}

// The part of the map where the battle is fought: what is defended, who defends it, and where shots and attackers ended.
export function battleBox(replay) {
  const places = [...replay.assets, ...replay.sites];
  const ends = replay.objects.filter((o) => o.side === "hostile" && ["killed", "leaked"].includes(o.outcome)).map((o) => ({ x: o.path.x.at(-1), y: o.path.y.at(-1) }));
  const met = [...replay.shots.map((shot) => ({ x: shot.x1, y: shot.y1 })), ...ends];
  const side = (axis) => {
    const far = met.map((one) => one[axis]).sort((a, b) => a - b);
    const cut = Math.floor(0.03 * far.length);
    const all = [...far.slice(cut, far.length - cut), ...places.map((one) => one[axis])];
    const [low, high] = all.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
    return Number.isFinite(low) ? [low, high] : [0, 0];
  };
  const [[west, east], [south, north]] = [side("x"), side("y")];
  const more = 0.08 * Math.max(east - west, north - south, 60_000);
  return [west - more, south - more, east + more, north + more];
}

// What may be said of a picture at `t`: how many tracks it holds and how old they are.
export function pictureAt(replay, t) {
  let tracks = 0;
  let delays = 0;
  let counted = 0;
  for (const track of tracksNear(replay, t)) {
    if (!trackThere(track, t)) continue;
    tracks += 1;
    const delay = delayAt(track, t);
    if (delay !== null) {
      delays += delay;
      counted += 1;
    }
  }
  return { tracks, delay: counted ? delays / counted : null };
}

export function stepAt(steps, t) {
  if (!steps || !steps.t.length) return null;
  return steps.v[Math.max(0, lastAt(steps.t, t))];
}

export const shotFlying = (shot, t) => t >= shot.t0 && t < shot.t1;

export function strobeAt(strobe, t) {
  const i = lastAt(strobe.t, t);
  return i >= 0 && t < strobe.t[i] + strobe.hold ? strobe.bearing[i] : null;
}

export function facingAt(radar, t) {
  let facing = radar.facing_deg;
  for (const [from, deg] of radar.turns) if (from <= t) facing = deg;
  return facing;
}

export const radarOn = (radar, t) => (radar.lost === null || t < radar.lost) && (!radar.on || radar.on.some(([a, b]) => t >= a && t < b));
