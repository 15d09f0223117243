"""Times drawn from the plan's laws: a quantile table at a share of probability."""

from openiads.kernel import Reals, inner_kernel


@inner_kernel
def drawn_us(laws_s: Reals, law: int, share: float) -> int:
    """Time of a law at a share of probability from 0 to 1, by linear interpolation between its quantiles. [us]"""
    last = laws_s.shape[1] - 1
    x = share * last
    j = min(int(x), last - 1)
    return int(1e6 * (laws_s[law, j] + (laws_s[law, j + 1] - laws_s[law, j]) * (x - j)))
