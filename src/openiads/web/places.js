// What stands on the ground: assets, units, the sectors of their radars and the bearings on which these are jammed.
import { destination } from "./aeqd.js";
import { facingAt, radarOn, strobeAt } from "./scene.js";
import { stamp, symbolBox } from "./symbols.js";

const STROBE_GRIP_PX = 90;

export function paintSectors(brush, replay, t) {
  const { pen, px, py, colours } = brush;
  for (const site of replay.sites) {
    for (const radar of site.radars) {
      if (radar.width_deg >= 359 || !radarOn(radar, t) || isLost(site, t)) continue;
      brush.line(1, colours.sector, [6, 5]);
      pen.moveTo(px(site.x), py(site.y));
      for (const [x, y] of sectorOf(replay, site, radar, facingAt(radar, t))) pen.lineTo(px(x), py(y));
      pen.closePath();
      pen.fillStyle = colours.sectorFill;
      pen.fill();
      pen.stroke();
    }
  }
}

const isLost = (site, t) => site.lost !== null && t >= site.lost;

function sectorOf(replay, site, radar, facing) {
  if (radar.outlined !== facing) {
    const from = facing - radar.width_deg / 2;
    const count = Math.max(2, Math.ceil(radar.width_deg / 3));
    radar.outlined = facing;
    radar.outline = Array.from({ length: count + 1 }, (_, i) =>
      replay.plane.forward(...destination(site.lon, site.lat, from + (radar.width_deg * i) / count, radar.range_m)));
  }
  return radar.outline;
}

export function paintStrobes(brush, replay, t) {
  const { pen, px, py, hits } = brush;
  brush.line(2, brush.colours.strobe, [2, 5]);
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
    hits.push({ kind: "strobe", item: strobe, x: x + (STROBE_GRIP_PX * (px(endX) - x)) / long, y: y + (STROBE_GRIP_PX * (py(endY) - y)) / long, size: 10 });
  }
  pen.stroke();
}

export function paintPlaces(brush, replay, t) {
  const size = Math.min(17, Math.max(9, 2600 / brush.view.resolution + 8));
  for (const asset of replay.assets) paintAsset(brush, asset, t, size);
  for (const site of replay.sites) paintSite(brush, site, t, size * (site.short_range ? 0.8 : 1));
}

function paintSite(brush, site, t, size) {
  const { pen, colours } = brush;
  const x = brush.px(site.x);
  const y = brush.py(site.y);
  if (!brush.inside(x, y)) return;
  const lost = isLost(site, t);
  pen.globalAlpha = lost ? 0.45 : 1;
  stamp(pen, site.sidc, size, x, y);
  pen.globalAlpha = 1;
  const [left, top, right, bottom] = symbolBox(site.sidc, size);
  const middle = [x + (left + right) / 2, y + (top + bottom) / 2];
  if (lost) brush.cross(...middle, 0.7 * size, colours.hostile, 3);
  brush.hits.push({ kind: "site", item: site, x: middle[0], y: middle[1], size: 0.8 * size });
  brush.names.push({ text: site.name, box: [x + left, y + top, x + right, y + bottom], colour: lost ? colours.muted : colours.text, strong: false, rank: site.short_range ? 2 : 1 });
}

function paintAsset(brush, asset, t, size) {
  const { pen, colours } = brush;
  const x = brush.px(asset.x);
  const y = brush.py(asset.y);
  if (!brush.inside(x, y)) return;
  const hit = asset.hits.filter((time) => time <= t).length;
  const stopped = asset.stopped !== null && t >= asset.stopped;
  pen.setLineDash([]);
  pen.fillStyle = stopped ? colours.hostile : hit ? colours.unknown : colours.assetFill;
  pen.strokeStyle = colours.asset;
  pen.lineWidth = 2;
  pen.beginPath();
  for (let k = 0; k < 10; k++) {
    const radius = (k % 2 ? 0.3 : 0.66) * size;
    const angle = (k * Math.PI) / 5 - Math.PI / 2;
    pen.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  pen.closePath();
  pen.fill();
  pen.stroke();
  brush.hits.push({ kind: "asset", item: asset, x, y, size: 13 });
  brush.names.push({ text: hit ? `${asset.name} (${hit})` : asset.name, box: [x - 9, y - 9, x + 9, y + 9], colour: colours.asset, strong: true, rank: 0 });
}
