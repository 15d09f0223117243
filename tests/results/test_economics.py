"""What rounds cost and what they destroyed: against a count by hand, a plain count over logs, and prices changed one at a time."""

from collections import Counter, defaultdict
from types import SimpleNamespace

import numpy as np
import pytest

from openiads import catalogue
from openiads.model import codes
from openiads.results.arena import Arena
from openiads.results.counts import EMPTY_US, FIRED, OF_CLASS, RESERVE_US, TARGETS, Layout
from openiads.results.economics import economics

KILLED = OF_CLASS.index("killed")
PRICES = {"s-400.missiles.48N6E3.unit_cost": (1_000_000, 500_000, 2_000_000), "targets.cruise-missile-subsonic.unit_cost": (4e6, 2e6, 8e6)}
LAYOUT = Layout(
    classes=("cruise-missile-subsonic", "bird"),
    systems=("s-400", "pantsir-s1"),
    missiles=("48N6E3", "unknown", "2A38M"),
    system_of=(0, 0, 1),
    is_gun=(False, False, True),
    burst_rounds=(1, 1, 150),
    loads=np.array([[8, 0]]),
    assets=(),
    losable=(),
)


class Priced:
    """A catalogue of two prices."""

    def has(self, path):
        return path in PRICES

    def figure(self, path):
        value, low, high = PRICES[path]
        basis = "judgement" if path.startswith("s-400") else "maker"
        return SimpleNamespace(si=value, low_si=low, high_si=high, basis=basis, sources=("told",))


@pytest.fixture
def told():
    """Three nights: 4, 2 and 6 missiles of a known price for 1, 1 and 0 missiles of the enemy; others without a price beside."""
    rows = np.zeros((3, LAYOUT.width), np.int64)
    klass, weapon = LAYOUT.parts(rows)[:2]
    weapon[:, 0, FIRED] = 4, 2, 6
    weapon[0, 1, FIRED], weapon[2, 2, FIRED] = 3, 2
    weapon[1, 0, RESERVE_US], weapon[2, 0, RESERVE_US], weapon[2, 0, EMPTY_US] = 60_000_000, 20_000_000, 90_500_000
    klass[:, 0, TARGETS], klass[:, 0, KILLED] = 2, (1, 1, 0)
    klass[0, 1, TARGETS], klass[0, 1, KILLED] = 1, 1
    return economics(LAYOUT, Priced(), rows)


def test_costs_are_those_of_a_count_by_hand(told):
    assert told["defence_usd"] == {"value": 4e6, "low": 2e6, "high": 8e6}  # 12 missiles over three nights
    assert told["destroyed_usd"] == pytest.approx({"value": 8e6 / 3, "low": 4e6 / 3, "high": 16e6 / 3})
    assert told["exchange"]["estimate"] == 1.5
    assert (told["exchange"]["span_low"], told["exchange"]["span_high"]) == (6e6 / 16e6, 24e6 / 4e6)
    assert told["judged_share"] == 1.0
    assert told["unpriced"] == {"unknown": 3, "2A38M": 300, "bird": 1}
    assert [(row["name"], row["rounds"]) for row in told["rounds"]] == [("48N6E3", 12), ("unknown", 3), ("2A38M", 300)]
    assert [(row["name"], row["came"], row["killed"]) for row in told["targets"]] == [("cruise-missile-subsonic", 6, 2), ("bird", 1, 1)]


def test_magazines_tell_how_many_ran_low_and_when(told):
    first, *others = told["magazines"]
    assert (first["magazines"], first["reserve"], first["empty"]) == (3, 2, 1)
    assert (first["reserve_s"]["mean"], first["reserve_first_s"]) == (40.0, 20.0)
    assert (first["empty_s"]["mean"], first["empty_first_s"]) == (90.0, 90.5)  # the mean in whole seconds
    assert all(one["empty"] == one["reserve"] == 0 and one["empty_s"] is None for one in others)


def test_nothing_destroyed_has_no_exchange():
    rows = np.zeros((2, LAYOUT.width), np.int64)
    LAYOUT.parts(rows)[1][:, 0, FIRED] = 1
    assert economics(LAYOUT, Priced(), rows)["exchange"] is None


def test_the_interval_covers_the_exchange_as_often_as_it_says():
    """Nights of Poisson fire, 1.25 missiles a kill: 95 % intervals miss in 2 % to 8.5 % of 600 series (false alarm 1 in 2,000)."""
    rng, missed = np.random.default_rng(5), 0
    for _ in range(600):
        rows = np.zeros((60, LAYOUT.width), np.int64)
        klass, weapon = LAYOUT.parts(rows)[:2]
        weapon[:, 0, FIRED], klass[:, 0, KILLED] = rng.poisson(10.0, 60), rng.poisson(8.0, 60)
        found = economics(LAYOUT, Priced(), rows)["exchange"]
        missed += not found["low"] <= 1.25 / 4.0 <= found["high"]
    assert 0.02 <= missed / 600 <= 0.085


def test_a_battles_costs_are_those_of_a_plain_count_over_its_logs(planned, crowd):
    figures, arena, names = catalogue.load(), Arena(planned), planned.names
    weapons, objects = planned.plan.arms.weapons, planned.plan.sky.objects
    fired, killed, empty_us = Counter(), Counter(), defaultdict(list)
    for replication in range(crowd.replications):
        log = arena.fight(7, replication)
        seen = set()
        for row in log.rows:
            kind, a, code = int(row["kind"]), int(row["index_a"]), int(row["code"])
            if kind == codes.LAUNCH and weapons["kind"][code] != codes.WEAPON_GUN:
                fired[names.systems[planned.plan.arms.units["system"][weapons["unit"][code]]], names.weapons[code]] += 1
            elif kind == codes.END and code == codes.KILLED and objects["side"][a] == codes.HOSTILE:
                killed[names.classes[objects["klass"][a]]] += 1
            elif kind == codes.MAGAZINE and code == 0 and a not in seen:
                seen.add(a)
                empty_us[names.weapons[a]].append(int(row["time_us"]))
    found = economics(crowd.batch.layout, figures, crowd.batch.rows)
    usd = sum(n * figures.figure(f"{system}.missiles.{name}.unit_cost").si for (system, name), n in fired.items())
    gained = sum(
        n * figures.figure(f"targets.{name}.unit_cost").si for name, n in killed.items() if figures.has(f"targets.{name}.unit_cost")
    )
    assert fired.total() > 100
    assert found["defence_usd"]["value"] * crowd.replications == pytest.approx(usd)
    assert found["destroyed_usd"]["value"] * crowd.replications == pytest.approx(gained)
    assert found["exchange"]["estimate"] == pytest.approx(usd / gained)
    assert found["exchange"]["low"] < found["exchange"]["estimate"] < found["exchange"]["high"]
    for one in found["magazines"]:
        assert one["empty"] == len(empty_us[one["name"]])


@pytest.mark.parametrize(
    ("path", "mine", "other", "count"),
    [
        ("pantsir-s1.missiles.57E6.unit_cost", "defence_usd", "destroyed_usd", "rounds_fired/pantsir-s1"),
        ("targets.cruise-missile-subsonic.unit_cost", "destroyed_usd", "defence_usd", "killed/cruise-missile-subsonic"),
    ],
)
def test_one_price_moves_its_own_side(crowd, path, mine, other, count):
    shipped = catalogue.load()

    class Dearer:
        def has(self, asked):
            return shipped.has(asked)

        def figure(self, asked):
            one = shipped.figure(asked)
            usd = one.si + 1000.0 * (asked == path)
            return SimpleNamespace(si=usd, low_si=one.low_si, high_si=one.high_si, basis=one.basis, sources=one.sources)

    before, after = (economics(crowd.batch.layout, one, crowd.batch.rows) for one in (shipped, Dearer()))
    assert after[mine]["value"] - before[mine]["value"] == pytest.approx(1000.0 * crowd.batch.columns[count].mean())
    assert after[mine]["value"] > before[mine]["value"]
    assert after[other] == before[other]
