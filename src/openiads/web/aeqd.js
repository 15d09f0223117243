// Azimuthal equidistant plane about a centre: distances and bearings from the centre are true (on the sphere).
const MEAN_RADIUS_M = 6371008.8;
const RAD = Math.PI / 180;

export function makePlane(lonDeg0, latDeg0) {
  const sin0 = Math.sin(latDeg0 * RAD);
  const cos0 = Math.cos(latDeg0 * RAD);
  function forward(lonDeg, latDeg) {
    const lat = latDeg * RAD;
    const lon = (lonDeg - lonDeg0) * RAD;
    const sinLat = Math.sin(lat);
    const cosLat = Math.cos(lat);
    const cosC = Math.min(1, Math.max(-1, sin0 * sinLat + cos0 * cosLat * Math.cos(lon)));
    const c = Math.acos(cosC);
    const k = c < 1e-9 ? 1 : c / Math.sin(c);
    return [MEAN_RADIUS_M * k * cosLat * Math.sin(lon), MEAN_RADIUS_M * k * (cos0 * sinLat - sin0 * cosLat * Math.cos(lon))];
  }
  function inverse(x, y) {
    const rho = Math.hypot(x, y);
    if (rho < 1e-6) return [lonDeg0, latDeg0];
    const c = rho / MEAN_RADIUS_M;
    const sinC = Math.sin(c);
    const cosC = Math.cos(c);
    const lat = Math.asin(Math.min(1, Math.max(-1, cosC * sin0 + (y * sinC * cos0) / rho)));
    const lon = Math.atan2(x * sinC, rho * cos0 * cosC - y * sin0 * sinC);
    return [lonDeg0 + lon / RAD, lat / RAD];
  }
  return { forward, inverse };
}

export function registerPlane(plane) {
  const projection = new ol.proj.Projection({ code: "openiads:aeqd", units: "m", extent: [-4e6, -4e6, 4e6, 4e6], global: false });
  ol.proj.addProjection(projection);
  ol.proj.addCoordinateTransforms("EPSG:4326", projection, (c) => plane.forward(c[0], c[1]), (c) => plane.inverse(c[0], c[1]));
  ol.proj.addCoordinateTransforms(
    "EPSG:3857", projection,
    (c) => plane.forward(...ol.proj.toLonLat(c)),
    (c) => ol.proj.fromLonLat(plane.inverse(c[0], c[1])),
  );
  return projection;
}

// Where one arrives from a point along a bearing, on the sphere.
export function destination(lonDeg, latDeg, bearingDeg, distanceM) {
  const lat = latDeg * RAD;
  const angle = distanceM / MEAN_RADIUS_M;
  const bearing = bearingDeg * RAD;
  const sinLat2 = Math.sin(lat) * Math.cos(angle) + Math.cos(lat) * Math.sin(angle) * Math.cos(bearing);
  const lon2 = Math.atan2(Math.sin(bearing) * Math.sin(angle) * Math.cos(lat), Math.cos(angle) - Math.sin(lat) * sinLat2);
  return [lonDeg + lon2 / RAD, Math.asin(sinLat2) / RAD];
}
