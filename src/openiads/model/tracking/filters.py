"""One Kalman filter in earth-centred coordinates, and the mixture that joins several.

An estimate is one row of 27 numbers: position (3), velocity (3), covariance (upper triangle of 6 x 6 by rows: 21).
Plots are positions with a full 3 x 3 covariance, so prediction and update are linear and written out.
"""

import math

from openiads.kernel import Reals, folded_kernel, kernel
from openiads.model.tracking.table import (
    ACCELERATION,
    BALLISTIC_HEIGHT_M,
    BEND,
    CURVATURE,
    FILTER,
    GRAVITATION,
    IMM,
    NOISE_CALM,
    NOISE_TURN,
    RADIAL,
    RADIAL_SD,
    ROTATION,
    SPEED,
    SPREAD_NOW,
    SPREAD_RATE,
    SPREAD_SPEED,
    TIME_US,
    TURNING,
    WEIGHT,
    TrackTable,
)


@folded_kernel
def acceleration(estimate: Reals, i: int, ballistic: float, rules: Reals) -> tuple[float, float, float]:
    """Return the mean acceleration of estimate ``i``: a share of free fall, the rest level flight round the earth. [m/s2]"""
    x, y, z = estimate[i, 0], estimate[i, 1], estimate[i, 2]
    u, v, w = estimate[i, 3], estimate[i, 4], estimate[i, 5]
    r2 = x * x + y * y + z * z
    if rules[CURVATURE] == 0.0 or r2 <= 0.0:
        return 0.0, 0.0, 0.0
    climb, inverse = x * u + y * v + z * w, 1.0 / r2
    pull = (1.0 - ballistic) * ((u * u + v * v + w * w) - climb * climb * inverse) * inverse
    if ballistic == 0.0:
        return -pull * x, -pull * y, -pull * z
    pull += ballistic * rules[GRAVITATION] * inverse / math.sqrt(r2)
    spin = ballistic * rules[ROTATION]
    away = spin * rules[ROTATION] - pull
    return away * x + 2.0 * spin * v, away * y - 2.0 * spin * u, -pull * z


@folded_kernel
def free_fall(estimate: Reals, i: int, rules: Reals) -> float:
    """Return how far track ``i`` is taken to fall freely: the IMM's belief, or for a single filter whether it is very high."""
    if rules[FILTER] == IMM:
        return float(estimate[i, WEIGHT + 2])
    x, y, z = estimate[i, 0], estimate[i, 1], estimate[i, 2]
    r2, low = x * x + y * y + z * z, rules[BALLISTIC_HEIGHT_M] + 6356752.0
    if r2 <= low * low:
        return 0.0
    return 1.0 if math.sqrt(r2) - 6378137.0 * (1.0 - z * z / (r2 * 298.257223563)) > rules[BALLISTIC_HEIGHT_M] else 0.0


@folded_kernel
def lay_course(estimate: Reals, i: int, rules: Reals) -> None:
    """Write the columns of row ``i`` that follow from its estimate: where it curves to, and how fast it may leave its place."""
    e = estimate
    ax, ay, az = acceleration(e, i, free_fall(e, i, rules), rules)
    e[i, ACCELERATION], e[i, ACCELERATION + 1], e[i, ACCELERATION + 2] = ax, ay, az
    e[i, SPEED] = math.sqrt(e[i, 3] * e[i, 3] + e[i, 4] * e[i, 4] + e[i, 5] * e[i, 5])
    e[i, BEND] = abs(ax) + abs(ay) + abs(az)
    e[i, SPREAD_NOW] = e[i, 6] + e[i, 12] + e[i, 17]
    e[i, SPREAD_RATE] = 2.0 * abs(e[i, 9] + e[i, 15] + e[i, 20])
    e[i, SPREAD_SPEED] = e[i, 21] + e[i, 24] + e[i, 26]


@folded_kernel
def distance(estimate: Reals, i: int, dt: float, noise: float, dx: float, dy: float, dz: float, plot: Reals, j: int) -> tuple[float, float]:
    """Return squared statistical distance and det S of plot ``j`` that lies (dx, dy, dz) from the prediction over ``dt``."""
    e = estimate
    s = abs(dt)
    dt2 = dt * dt
    q = noise * s * dt2 / 3.0
    a = e[i, 6] + dt * 2.0 * e[i, 9] + dt2 * e[i, 21] + q + plot[j, 3]
    b = e[i, 7] + dt * (e[i, 10] + e[i, 14]) + dt2 * e[i, 22] + plot[j, 4]
    c = e[i, 8] + dt * (e[i, 11] + e[i, 18]) + dt2 * e[i, 23] + plot[j, 5]
    d = e[i, 12] + dt * 2.0 * e[i, 15] + dt2 * e[i, 24] + q + plot[j, 6]
    f = e[i, 13] + dt * (e[i, 16] + e[i, 19]) + dt2 * e[i, 25] + plot[j, 7]
    g = e[i, 17] + dt * 2.0 * e[i, 20] + dt2 * e[i, 26] + q + plot[j, 8]
    aa, ab, ac = d * g - f * f, c * f - b * g, b * f - c * d
    bb, bc, cc = a * g - c * c, b * c - a * f, a * d - b * b
    det = a * aa + b * ab + c * ac
    square = dx * (aa * dx + 2.0 * (ab * dy + ac * dz)) + dy * (bb * dy + 2.0 * bc * dz) + dz * cc * dz
    return square / det, det


@folded_kernel
def advance(source: Reals, i: int, dt: float, noise: float, ax: float, ay: float, az: float, target: Reals, k: int) -> None:
    """Write to ``target[k]`` the estimate ``source[i]`` predicted over ``dt`` with white acceleration noise. [m2/s3]"""
    e, o = source, target
    s, h = abs(dt), 0.5 * dt * dt
    q1, q2, q3 = noise * s * dt * dt / 3.0, noise * 0.5 * dt * s, noise * s
    uu, uv, uw = e[i, 21], e[i, 22], e[i, 23]
    vv, vw, ww = e[i, 24], e[i, 25], e[i, 26]
    xu, xv, xw = e[i, 9] + dt * uu, e[i, 10] + dt * uv, e[i, 11] + dt * uw
    yu, yv, yw = e[i, 14] + dt * uv, e[i, 15] + dt * vv, e[i, 16] + dt * vw
    zu, zv, zw = e[i, 18] + dt * uw, e[i, 19] + dt * vw, e[i, 20] + dt * ww
    xx, xy, xz = e[i, 6] + dt * (e[i, 9] + xu) + q1, e[i, 7] + dt * (e[i, 14] + xv), e[i, 8] + dt * (e[i, 18] + xw)
    yy, yz = e[i, 12] + dt * (e[i, 15] + yv) + q1, e[i, 13] + dt * (e[i, 19] + yw)
    zz = e[i, 17] + dt * (e[i, 20] + zw) + q1
    px, py, pz = e[i, 0] + e[i, 3] * dt + ax * h, e[i, 1] + e[i, 4] * dt + ay * h, e[i, 2] + e[i, 5] * dt + az * h
    vx, vy, vz = e[i, 3] + ax * dt, e[i, 4] + ay * dt, e[i, 5] + az * dt
    o[k, 0], o[k, 1], o[k, 2] = px, py, pz
    o[k, 3], o[k, 4], o[k, 5] = vx, vy, vz
    o[k, 6], o[k, 7], o[k, 8] = xx, xy, xz
    o[k, 9], o[k, 10], o[k, 11] = xu + q2, xv, xw
    o[k, 12], o[k, 13], o[k, 17] = yy, yz, zz
    o[k, 14], o[k, 15], o[k, 16] = yu, yv + q2, yw
    o[k, 18], o[k, 19], o[k, 20] = zu, zv, zw + q2
    o[k, 21], o[k, 22], o[k, 23] = uu + q3, uv, uw
    o[k, 24], o[k, 25], o[k, 26] = vv + q3, vw, ww + q3


@folded_kernel
def absorb(estimate: Reals, k: int, plot: Reals, j: int) -> tuple[float, float]:
    """Update ``estimate[k]`` in place with plot ``j`` of the same time; return the squared distance and det S."""
    o = estimate
    xx, xy, xz = o[k, 6], o[k, 7], o[k, 8]
    yy, yz, zz = o[k, 12], o[k, 13], o[k, 17]
    a, b, c = xx + plot[j, 3], xy + plot[j, 4], xz + plot[j, 5]
    d, f, g = yy + plot[j, 6], yz + plot[j, 7], zz + plot[j, 8]
    aa, ab, ac = d * g - f * f, c * f - b * g, b * f - c * d
    bb, bc, cc = a * g - c * c, b * c - a * f, a * d - b * b
    det = a * aa + b * ab + c * ac
    inverse = 1.0 / det
    aa, ab, ac = aa * inverse, ab * inverse, ac * inverse
    bb, bc, cc = bb * inverse, bc * inverse, cc * inverse
    dx, dy, dz = plot[j, 0] - o[k, 0], plot[j, 1] - o[k, 1], plot[j, 2] - o[k, 2]
    sx, sy, sz = aa * dx + ab * dy + ac * dz, ab * dx + bb * dy + bc * dz, ac * dx + bc * dy + cc * dz
    xu, yu, zu = o[k, 9], o[k, 14], o[k, 18]
    xv, yv, zv = o[k, 10], o[k, 15], o[k, 19]
    xw, yw, zw = o[k, 11], o[k, 16], o[k, 20]
    o[k, 0] += xx * sx + xy * sy + xz * sz
    o[k, 1] += xy * sx + yy * sy + yz * sz
    o[k, 2] += xz * sx + yz * sy + zz * sz
    o[k, 3] += xu * sx + yu * sy + zu * sz
    o[k, 4] += xv * sx + yv * sy + zv * sz
    o[k, 5] += xw * sx + yw * sy + zw * sz
    w, m, n = aa * xx + ab * xy + ac * xz, ab * xx + bb * xy + bc * xz, ac * xx + bc * xy + cc * xz
    o[k, 6] -= w * xx + m * xy + n * xz
    w, m, n = aa * xy + ab * yy + ac * yz, ab * xy + bb * yy + bc * yz, ac * xy + bc * yy + cc * yz
    o[k, 7] -= w * xx + m * xy + n * xz
    o[k, 12] -= w * xy + m * yy + n * yz
    w, m, n = aa * xz + ab * yz + ac * zz, ab * xz + bb * yz + bc * zz, ac * xz + bc * yz + cc * zz
    o[k, 8] -= w * xx + m * xy + n * xz
    o[k, 13] -= w * xy + m * yy + n * yz
    o[k, 17] -= w * xz + m * yz + n * zz
    w, m, n = aa * xu + ab * yu + ac * zu, ab * xu + bb * yu + bc * zu, ac * xu + bc * yu + cc * zu
    o[k, 9] -= w * xx + m * xy + n * xz
    o[k, 14] -= w * xy + m * yy + n * yz
    o[k, 18] -= w * xz + m * yz + n * zz
    o[k, 21] -= w * xu + m * yu + n * zu
    w, m, n = aa * xv + ab * yv + ac * zv, ab * xv + bb * yv + bc * zv, ac * xv + bc * yv + cc * zv
    o[k, 10] -= w * xx + m * xy + n * xz
    o[k, 15] -= w * xy + m * yy + n * yz
    o[k, 19] -= w * xz + m * yz + n * zz
    o[k, 22] -= w * xu + m * yu + n * zu
    o[k, 24] -= w * xv + m * yv + n * zv
    w, m, n = aa * xw + ab * yw + ac * zw, ab * xw + bb * yw + bc * zw, ac * xw + bc * yw + cc * zw
    o[k, 11] -= w * xx + m * xy + n * xz
    o[k, 16] -= w * xy + m * yy + n * yz
    o[k, 20] -= w * xz + m * yz + n * zz
    o[k, 23] -= w * xu + m * yu + n * zu
    o[k, 25] -= w * xv + m * yv + n * zv
    o[k, 26] -= w * xw + m * yw + n * zw
    return dx * sx + dy * sy + dz * sz, det


@kernel
def combine(source: Reals, first: int, count: int, share: Reals, target: Reals, k: int) -> None:
    """Write to ``target[k]`` the mean and covariance of ``count`` estimates from ``source[first]`` with weights ``share``."""
    for c in range(6):
        mean = 0.0
        for m in range(count):
            mean += share[m] * source[first + m, c]
        target[k, c] = mean
    for c in range(6, 27):
        total = 0.0
        for m in range(count):
            total += share[m] * source[first + m, c]
        target[k, c] = total
    for m in range(count):
        n = 6
        for c in range(6):
            part = share[m] * (source[first + m, c] - target[k, c])
            for d in range(c, 6):
                target[k, n] += part * (source[first + m, d] - target[k, d])
                n += 1


@kernel
def correct_radial(estimate: Reals, i: int, coverage: Reals, plot: Reals, j: int) -> None:
    """Update ``estimate[i]`` in place with the radial speed that plot ``j`` carries, if it carries one."""
    e, sd_mps = estimate, plot[j, RADIAL_SD]
    ux, uy, uz = plot[j, 0] - coverage[0], plot[j, 1] - coverage[1], plot[j, 2] - coverage[2]
    r = math.sqrt(ux * ux + uy * uy + uz * uz)
    if sd_mps <= 0.0 or r <= 0.0:
        return
    per_m = 1.0 / r
    ux, uy, uz = ux * per_m, uy * per_m, uz * per_m
    p0 = e[i, 9] * ux + e[i, 10] * uy + e[i, 11] * uz
    p1 = e[i, 14] * ux + e[i, 15] * uy + e[i, 16] * uz
    p2 = e[i, 18] * ux + e[i, 19] * uy + e[i, 20] * uz
    p3 = e[i, 21] * ux + e[i, 22] * uy + e[i, 23] * uz
    p4 = e[i, 22] * ux + e[i, 24] * uy + e[i, 25] * uz
    p5 = e[i, 23] * ux + e[i, 25] * uy + e[i, 26] * uz
    gain = (p0, p1, p2, p3, p4, p5)
    inverse = 1.0 / (p3 * ux + p4 * uy + p5 * uz + sd_mps * sd_mps)
    surprise = plot[j, RADIAL] - (e[i, 3] * ux + e[i, 4] * uy + e[i, 5] * uz)
    n = 6
    for c in range(6):
        share = gain[c] * inverse
        e[i, c] += share * surprise
        for d in range(c, 6):
            e[i, n] -= share * gain[d]
            n += 1


@kernel
def predict(table: TrackTable, i: int, time_us: int) -> tuple[float, float, float, float, float, float]:
    """Return position [m] and velocity [m/s] of row ``i`` at a time, earth-centred."""
    e = table.estimate
    ax, ay, az = e[i, ACCELERATION], e[i, ACCELERATION + 1], e[i, ACCELERATION + 2]
    dt = (time_us - table.facts[i, TIME_US]) * 1e-6
    h = 0.5 * dt * dt
    x, y, z = e[i, 0] + e[i, 3] * dt + ax * h, e[i, 1] + e[i, 4] * dt + ay * h, e[i, 2] + e[i, 5] * dt + az * h
    return x, y, z, e[i, 3] + ax * dt, e[i, 4] + ay * dt, e[i, 5] + az * dt


@kernel
def advance_row(table: TrackTable, i: int, time_us: int, rules: Reals, target: Reals, k: int) -> None:
    """Write to ``target[k]`` (27 columns) the whole estimate of row ``i`` predicted to a time with the calm process noise."""
    e = table.estimate
    ax, ay, az = e[i, ACCELERATION], e[i, ACCELERATION + 1], e[i, ACCELERATION + 2]
    advance(e, i, (time_us - table.facts[i, TIME_US]) * 1e-6, rules[NOISE_CALM], ax, ay, az, target, k)


@kernel
def position_sd_m(table: TrackTable, i: int, time_us: int, rules: Reals) -> float:
    """Return the 1-sigma position error of row ``i`` predicted to a time, with the noise of the state it is in. [m]"""
    e, dt = table.estimate, (time_us - table.facts[i, TIME_US]) * 1e-6
    noise = rules[NOISE_TURN] if table.facts[i, TURNING] > 0 else rules[NOISE_CALM]
    square = e[i, 6] + e[i, 12] + e[i, 17] + 2.0 * dt * (e[i, 9] + e[i, 15] + e[i, 20])
    return math.sqrt(max(square + dt * dt * (e[i, 21] + e[i, 24] + e[i, 26] + noise * abs(dt)), 0.0))
