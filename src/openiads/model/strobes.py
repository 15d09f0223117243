"""Strobes: bearings of jammers without range.  Two sensors apart can cross theirs; every false pair gives a ghost."""

import math

from openiads.kernel import Ints, Reals, kernel


@kernel
def cross(
    site_a: Reals,
    bearing_a: float,
    elevation_a: float,
    sd_a: float,
    site_b: Reals,
    bearing_b: float,
    elevation_b: float,
    sd_b: float,
    plot: Reals,
    j: int,
) -> float:
    """Cross two strobes; write position and covariance to row ``j`` of ``plot`` and return how badly they miss each other.

    Parameters
    ----------
    site_a, site_b
        Coverage rows (24,) of the sensors.
    bearing_a, elevation_a, sd_a, bearing_b, elevation_b, sd_b
        Angles at each sensor and their standard deviation, the same in both angles [rad].
    plot, j
        Rows of 16 as in ``Plots.real``; position [m] and covariance [m2] are written.

    Returns
    -------
    float
        Squared miss distance over its variance (1 degree of freedom); infinite where the strobes are parallel within their errors
        or meet behind a sensor.

    Limits
    ------
    Straight rays.  Bias of short baselines is not corrected: the covariance says how long the ellipse is, not how skewed.

    Source
    ------
    [poisel-2012], least squares of two lines of position.
    """
    ax, ay, az = _ray(site_a, 0, bearing_a, elevation_a), _ray(site_a, 1, bearing_a, elevation_a), _ray(site_a, 2, bearing_a, elevation_a)
    bx, by, bz = _ray(site_b, 0, bearing_b, elevation_b), _ray(site_b, 1, bearing_b, elevation_b), _ray(site_b, 2, bearing_b, elevation_b)
    x, y, z = site_b[0] - site_a[0], site_b[1] - site_a[1], site_b[2] - site_a[2]
    cosine = ax * bx + ay * by + az * bz
    sine2 = 1.0 - cosine * cosine
    if sine2 <= 4.0 * (sd_a * sd_a + sd_b * sd_b):
        return math.inf
    along_a, along_b = ax * x + ay * y + az * z, bx * x + by * y + bz * z
    ra, rb = (along_a - cosine * along_b) / sine2, (cosine * along_a - along_b) / sine2
    if ra <= 0.0 or rb <= 0.0:
        return math.inf
    gx, gy, gz = x + rb * bx - ra * ax, y + rb * by - ra * ay, z + rb * bz - ra * az
    va, vb = ra * ra * sd_a * sd_a, rb * rb * sd_b * sd_b
    share = va / (va + vb)
    plot[j, 0] = site_a[0] + ra * ax + share * gx
    plot[j, 1] = site_a[1] + ra * ay + share * gy
    plot[j, 2] = site_a[2] + ra * az + share * gz
    total = 1.0 / va + 1.0 / vb
    a, b, c = total - ax * ax / va - bx * bx / vb, -ax * ay / va - bx * by / vb, -ax * az / va - bx * bz / vb
    d, f, g = total - ay * ay / va - by * by / vb, -ay * az / va - by * bz / vb, total - az * az / va - bz * bz / vb
    aa, ab, ac = d * g - f * f, c * f - b * g, b * f - c * d
    det = a * aa + b * ab + c * ac
    plot[j, 3], plot[j, 4], plot[j, 5] = aa / det, ab / det, ac / det
    plot[j, 6], plot[j, 7], plot[j, 8] = (a * g - c * c) / det, (b * c - a * f) / det, (a * d - b * b) / det
    return float((gx * gx + gy * gy + gz * gz) / (va + vb))


@kernel
def _ray(site: Reals, n: int, bearing: float, elevation: float) -> float:
    level = math.cos(elevation)
    return float(level * math.sin(bearing) * site[3 + n] + level * math.cos(bearing) * site[6 + n] + math.sin(elevation) * site[9 + n])


@kernel
def crossings(site_a: Reals, strobes_a: Reals, site_b: Reals, strobes_b: Reals, gate: float, plot: Reals, pairs: Ints) -> int:
    """Cross every strobe of one sensor with every one of another; return how many pairs meet within ``gate``.

    ``strobes_*`` (n, 3) hold bearing, elevation and standard deviation [rad]; row k of ``plot`` (m, 16) and ``pairs`` (m, 2) is filled
    for the k-th pair that meets, while room lasts.  Which of them are ghosts cannot be told from one look.
    """
    count = 0
    for i in range(strobes_a.shape[0]):
        for j in range(strobes_b.shape[0]):
            if count < pairs.shape[0]:
                a, b = strobes_a[i], strobes_b[j]
                if cross(site_a, a[0], a[1], a[2], site_b, b[0], b[1], b[2], plot, count) <= gate:
                    pairs[count, 0], pairs[count, 1] = i, j
                    count += 1
    return count
