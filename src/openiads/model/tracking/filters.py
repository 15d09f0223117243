"""One Kalman filter in earth-centred coordinates, and the mixture that joins several.

An estimate is one row of 27 numbers: position (3), velocity (3), covariance (upper triangle of 6 x 6 by rows: 21).
Plots are positions with a full 3 x 3 covariance, so prediction and update are linear and written out.
"""

import math

from openiads.kernel import Reals, kernel
from openiads.model.tracking.table import (
    BALLISTIC_HEIGHT_M,
    CURVATURE,
    FILTER,
    GRAVITATION,
    IMM,
    ROTATION,
    TIME_US,
    WEIGHT,
    TrackTable,
)


@kernel
def acceleration(estimate: Reals, i: int, ballistic: float, rules: Reals) -> tuple[float, float, float]:
    """Return the mean acceleration of estimate ``i``: a share of free fall, the rest level flight round the earth. [m/s2]"""
    x, y, z = estimate[i, 0], estimate[i, 1], estimate[i, 2]
    u, v, w = estimate[i, 3], estimate[i, 4], estimate[i, 5]
    r2 = x * x + y * y + z * z
    if rules[CURVATURE] == 0.0 or r2 <= 0.0:
        return 0.0, 0.0, 0.0
    climb = x * u + y * v + z * w
    pull = (1.0 - ballistic) * ((u * u + v * v + w * w) - climb * climb / r2) / r2
    if ballistic == 0.0:
        return -pull * x, -pull * y, -pull * z
    pull += ballistic * rules[GRAVITATION] / (r2 * math.sqrt(r2))
    spin = ballistic * rules[ROTATION]
    away = spin * rules[ROTATION] - pull
    return away * x + 2.0 * spin * v, away * y - 2.0 * spin * u, -pull * z


@kernel
def free_fall(estimate: Reals, i: int, rules: Reals) -> float:
    """Return how far track ``i`` is taken to fall freely: the IMM's belief, or for a single filter whether it is very high."""
    if rules[FILTER] == IMM:
        return estimate[i, WEIGHT + 2]
    x, y, z = estimate[i, 0], estimate[i, 1], estimate[i, 2]
    r2 = x * x + y * y + z * z
    if r2 <= 0.0:
        return 0.0
    return 1.0 if math.sqrt(r2) - 6378137.0 * (1.0 - z * z / (r2 * 298.257223563)) > rules[BALLISTIC_HEIGHT_M] else 0.0


@kernel
def distance(estimate: Reals, i: int, dt: float, noise: float, dx: float, dy: float, dz: float, plot: Reals, j: int) -> float:
    """Return the squared statistical distance of plot ``j`` that lies (dx, dy, dz) from the prediction over ``dt``."""
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
    square = dx * (aa * dx + 2.0 * (ab * dy + ac * dz)) + dy * (bb * dy + 2.0 * bc * dz) + dz * cc * dz
    return square / (a * aa + b * ab + c * ac)


@kernel
def correct(
    source: Reals,
    i: int,
    dt: float,
    noise: float,
    ax: float,
    ay: float,
    az: float,
    plot: Reals,
    j: int,
    target: Reals,
    k: int,
) -> tuple[float, float]:
    """Predict ``source[i]`` over ``dt``, update it with plot ``j``, write ``target[k]``; return distance squared and det S."""
    e = source
    s = abs(dt)
    q1, q2, q3 = noise * s * dt * dt / 3.0, noise * 0.5 * dt * s, noise * s
    uu, uv, uw, vv, vw, ww = e[i, 21], e[i, 22], e[i, 23], e[i, 24], e[i, 25], e[i, 26]
    b0, b1, b2 = e[i, 9] + dt * uu, e[i, 10] + dt * uv, e[i, 11] + dt * uw
    b3, b4, b5 = e[i, 14] + dt * uv, e[i, 15] + dt * vv, e[i, 16] + dt * vw
    b6, b7, b8 = e[i, 18] + dt * uw, e[i, 19] + dt * vw, e[i, 20] + dt * ww
    xx = e[i, 6] + dt * (e[i, 9] + b0) + q1
    xy = e[i, 7] + dt * (e[i, 14] + b1)
    xz = e[i, 8] + dt * (e[i, 18] + b2)
    yy = e[i, 12] + dt * (e[i, 15] + b4) + q1
    yz = e[i, 13] + dt * (e[i, 19] + b5)
    zz = e[i, 17] + dt * (e[i, 20] + b8) + q1
    b0, b4, b8 = b0 + q2, b4 + q2, b8 + q2
    h = 0.5 * dt * dt
    px, py, pz = e[i, 0] + e[i, 3] * dt + ax * h, e[i, 1] + e[i, 4] * dt + ay * h, e[i, 2] + e[i, 5] * dt + az * h
    vx, vy, vz = e[i, 3] + ax * dt, e[i, 4] + ay * dt, e[i, 5] + az * dt
    dx, dy, dz = plot[j, 0] - px, plot[j, 1] - py, plot[j, 2] - pz
    a, b, c = xx + plot[j, 3], xy + plot[j, 4], xz + plot[j, 5]
    d, f, g = yy + plot[j, 6], yz + plot[j, 7], zz + plot[j, 8]
    aa, ab, ac = d * g - f * f, c * f - b * g, b * f - c * d
    bb, bc, cc = a * g - c * c, b * c - a * f, a * d - b * b
    det = a * aa + b * ab + c * ac
    inverse = 1.0 / det
    aa, ab, ac, bb, bc, cc = aa * inverse, ab * inverse, ac * inverse, bb * inverse, bc * inverse, cc * inverse
    kx, ky, kz = aa * dx + ab * dy + ac * dz, ab * dx + bb * dy + bc * dz, ac * dx + bc * dy + cc * dz
    o = target
    o[k, 0], o[k, 1], o[k, 2] = px + xx * kx + xy * ky + xz * kz, py + xy * kx + yy * ky + yz * kz, pz + xz * kx + yz * ky + zz * kz
    o[k, 3], o[k, 4], o[k, 5] = vx + b0 * kx + b3 * ky + b6 * kz, vy + b1 * kx + b4 * ky + b7 * kz, vz + b2 * kx + b5 * ky + b8 * kz
    w0, w1, w2 = aa * xx + ab * xy + ac * xz, ab * xx + bb * xy + bc * xz, ac * xx + bc * xy + cc * xz
    o[k, 6] = xx - (w0 * xx + w1 * xy + w2 * xz)
    w0, w1, w2 = aa * xy + ab * yy + ac * yz, ab * xy + bb * yy + bc * yz, ac * xy + bc * yy + cc * yz
    o[k, 7], o[k, 12] = xy - (w0 * xx + w1 * xy + w2 * xz), yy - (w0 * xy + w1 * yy + w2 * yz)
    w0, w1, w2 = aa * xz + ab * yz + ac * zz, ab * xz + bb * yz + bc * zz, ac * xz + bc * yz + cc * zz
    o[k, 8], o[k, 13] = xz - (w0 * xx + w1 * xy + w2 * xz), yz - (w0 * xy + w1 * yy + w2 * yz)
    o[k, 17] = zz - (w0 * xz + w1 * yz + w2 * zz)
    w0, w1, w2 = aa * b0 + ab * b3 + ac * b6, ab * b0 + bb * b3 + bc * b6, ac * b0 + bc * b3 + cc * b6
    o[k, 9], o[k, 14] = b0 - (w0 * xx + w1 * xy + w2 * xz), b3 - (w0 * xy + w1 * yy + w2 * yz)
    o[k, 18], o[k, 21] = b6 - (w0 * xz + w1 * yz + w2 * zz), uu + q3 - (w0 * b0 + w1 * b3 + w2 * b6)
    w0, w1, w2 = aa * b1 + ab * b4 + ac * b7, ab * b1 + bb * b4 + bc * b7, ac * b1 + bc * b4 + cc * b7
    o[k, 10], o[k, 15] = b1 - (w0 * xx + w1 * xy + w2 * xz), b4 - (w0 * xy + w1 * yy + w2 * yz)
    o[k, 19], o[k, 22] = b7 - (w0 * xz + w1 * yz + w2 * zz), uv - (w0 * b0 + w1 * b3 + w2 * b6)
    o[k, 24] = vv + q3 - (w0 * b1 + w1 * b4 + w2 * b7)
    w0, w1, w2 = aa * b2 + ab * b5 + ac * b8, ab * b2 + bb * b5 + bc * b8, ac * b2 + bc * b5 + cc * b8
    o[k, 11], o[k, 16] = b2 - (w0 * xx + w1 * xy + w2 * xz), b5 - (w0 * xy + w1 * yy + w2 * yz)
    o[k, 20], o[k, 23] = b8 - (w0 * xz + w1 * yz + w2 * zz), uw - (w0 * b0 + w1 * b3 + w2 * b6)
    o[k, 25], o[k, 26] = vw - (w0 * b1 + w1 * b4 + w2 * b7), ww + q3 - (w0 * b2 + w1 * b5 + w2 * b8)
    return dx * kx + dy * ky + dz * kz, det


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
def correct_radial(estimate: Reals, i: int, ux: float, uy: float, uz: float, speed_mps: float, sd_mps: float) -> None:
    """Update ``estimate[i]`` in place with its speed along the unit vector (ux, uy, uz)."""
    e = estimate
    p0 = e[i, 9] * ux + e[i, 10] * uy + e[i, 11] * uz
    p1 = e[i, 14] * ux + e[i, 15] * uy + e[i, 16] * uz
    p2 = e[i, 18] * ux + e[i, 19] * uy + e[i, 20] * uz
    p3 = e[i, 21] * ux + e[i, 22] * uy + e[i, 23] * uz
    p4 = e[i, 22] * ux + e[i, 24] * uy + e[i, 25] * uz
    p5 = e[i, 23] * ux + e[i, 25] * uy + e[i, 26] * uz
    gain = (p0, p1, p2, p3, p4, p5)
    spread = p3 * ux + p4 * uy + p5 * uz + sd_mps * sd_mps
    surprise = (speed_mps - (e[i, 3] * ux + e[i, 4] * uy + e[i, 5] * uz)) / spread
    n = 6
    for c in range(6):
        e[i, c] += gain[c] * surprise
        for d in range(c, 6):
            e[i, n] -= gain[c] * gain[d] / spread
            n += 1


@kernel
def predict(table: TrackTable, i: int, time_us: int, rules: Reals) -> tuple[float, float, float, float, float, float]:
    """Return position [m] and velocity [m/s] of row ``i`` at a time, earth-centred."""
    e = table.estimate
    ax, ay, az = acceleration(e, i, free_fall(e, i, rules), rules)
    dt = (time_us - table.facts[i, TIME_US]) * 1e-6
    h = 0.5 * dt * dt
    x, y, z = e[i, 0] + e[i, 3] * dt + ax * h, e[i, 1] + e[i, 4] * dt + ay * h, e[i, 2] + e[i, 5] * dt + az * h
    return x, y, z, e[i, 3] + ax * dt, e[i, 4] + ay * dt, e[i, 5] + az * dt
