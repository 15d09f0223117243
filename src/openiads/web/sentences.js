// Events, reasons and tooltips in everyday words.
import { beliefAt, delayAt, placeAt, radarOn, stepAt, velocityAt } from "./scene.js";
import { clockText, durationText, known, lengthText, number, say, share, speedText, term } from "./words.js";

export function eventText(replay, event) {
  const args = {
    object: event.object >= 0 ? replay.objects[event.object].name : undefined,
    site: event.site >= 0 ? replay.sites[event.site].name : undefined,
    track: event.track,
    ...event.args,
  };
  const key = `event.${event.kind}`;
  return known(key) ? say(key, args) : [event.kind, args.object, args.text].filter(Boolean).join(" ");
}

export const whyText = (object) => (object.why ? term("why", object.why) : "");

export function objectText(object, t) {
  const out = {};
  const lines = [say("tip.object", { name: object.name, class: object.class, side: term("side", object.side) })];
  if (object.aim) lines.push(say("tip.aim", { aim: object.aim, duty: term("duty", object.duty) }));
  if (placeAt(object.path, t, out)) lines.push(say("tip.flight", { height: lengthText(Math.max(0, out.alt)), speed: speedText(velocityAt(object.path, t).speed) }));
  if (object.ends !== null && t >= object.ends) lines.push(`${term("outcome", object.outcome)} ${clockText(object.ends)}`);
  return lines;
}

// What an operator reads beside a track: who, how high, how fast.
export function selectedText(object, t) {
  const out = {};
  const moment = Math.min(t, object.ends ?? t);
  if (!placeAt(object.path, moment, out)) return object.name;
  return `${object.name} · ${lengthText(Math.max(0, out.alt))} · ${number(velocityAt(object.path, moment).speed)} m/s`;
}

export function trackText(replay, track, t) {
  const out = {};
  const belief = beliefAt(track, t);
  const lines = [say("tip.track", { name: track.name, label: term("label", belief ? belief[1] : "pending"), p: belief && belief[2] !== null ? belief[2] : undefined })];
  if (belief && belief[3]) lines.push(say("tip.because", { evidence: belief[3] }));
  if (placeAt(track.path, t, out)) lines.push(say("tip.flight", { height: lengthText(Math.max(0, out.alt)), speed: speedText(velocityAt(track.path, t).speed) }));
  const delay = delayAt(track, t);
  if (delay !== null) lines.push(say("tip.delay", { delay: durationText(delay) }));
  lines.push(say("tip.in_picture", { picture: track.picture, since: clockText(track.path.t[0]) }));
  if (track.object >= 0) {
    const object = replay.objects[track.object];
    lines.push(say("tip.truly", { name: object.name, class: object.class }));
  } else lines.push(say("tip.false_track"));
  return lines;
}

export function siteText(site, t) {
  const lines = [say("tip.site", { name: site.name, system: term("system", site.system) })];
  if (site.lost !== null && t >= site.lost) lines.push(site.lost > 0 ? say("tip.site_lost", { time: clockText(site.lost) }) : say("tip.not_ready"));
  for (const magazine of site.magazines) lines.push(say("tip.rounds", { missile: magazine.missile, left: number(stepAt(magazine.left, t) ?? magazine.capacity), capacity: number(magazine.capacity) }));
  const busy = stepAt(site.busy, t);
  if (site.channels && busy !== null) lines.push(say("tip.channels", { busy: number(busy), channels: number(site.channels) }));
  for (const radar of site.radars) {
    const state = radar.lost !== null && t >= radar.lost ? (radar.lost > 0 ? say("tip.radar_lost", { time: clockText(radar.lost) }) : say("tip.not_ready")) : radarOn(radar, t) ? undefined : say("tip.radar_silent");
    lines.push(say("tip.radar", { name: radar.name, role: term("radar", radar.role), range: lengthText(radar.range_m), state }));
  }
  return lines;
}

export function assetText(asset, t) {
  const hits = asset.hits.filter((time) => time <= t).length;
  const lines = [say("tip.asset", { name: asset.name }), hits ? say("tip.hits", { hits: number(hits) }) : say("tip.no_hits")];
  if (asset.stopped !== null && t >= asset.stopped) lines.push(say("tip.stopped", { time: clockText(asset.stopped) }));
  return lines;
}

export function shotText(replay, shot) {
  const object = shot.object >= 0 ? replay.objects[shot.object].name : shot.track;
  const lines = [say("tip.shot", { missile: shot.missile, site: shot.site >= 0 ? replay.sites[shot.site].name : "", object })];
  lines.push(say("tip.meets", { time: clockText(shot.t1), p: shot.p === null ? undefined : share(shot.p) }));
  return lines;
}

export function strobeText(replay, strobe) {
  return [say("tip.strobe", { radar: strobe.radar, jammer: strobe.jammer >= 0 ? replay.objects[strobe.jammer].name : undefined }), say("tip.strobe_means")];
}

export function hitText(replay, hit, t) {
  const makers = {
    object: () => objectText(hit.item, t), track: () => trackText(replay, hit.item, t), site: () => siteText(hit.item, t),
    asset: () => assetText(hit.item, t), shot: () => shotText(replay, hit.item), strobe: () => strobeText(replay, hit.item),
  };
  return makers[hit.kind]();
}
