"""What the blocks of a study see of the results: counts of a measure, in replication order, on common replications."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from openiads.statistics.intervals import Interval, clopper_pearson, ratio_of
from openiads.statistics.paired import Contrast, Kind, contrast_sequence
from openiads.statistics.two_level import by_unit
from openiads.study.alternatives import Alternative
from openiads.study.job import Column, Integers
from openiads.study.measures import Measure, known
from openiads.study.storage import Store, Table

Counts = tuple[Integers, Integers]


class View:
    """Read access to the recorded outcomes of named alternatives."""

    def __init__(
        self,
        store: Store,
        alternatives: Mapping[str, Alternative],
        level: float,
        columns: Iterable[str] = (),
        aside: Mapping[str, int] | None = None,
    ) -> None:
        """Look at a store; nothing is read before it is asked for.

        Parameters
        ----------
        store : Store
        alternatives : mapping
            By name.
        level : float
            Coverage of intervals.
        columns : iterable of str
            Columns that will be asked for: they are read together when the first of them is.
        aside : mapping or None
            Replications that were set aside, by key: they count as done.
        """
        self._store = store
        self.alternatives = alternatives
        self.level = level
        self._columns = set(columns)
        self._aside = {} if aside is None else aside
        self._tables: dict[str, Table] = {}

    def counts(self, names: Sequence[str], measure_name: str, end: int | None = None) -> list[Counts]:
        """Return numerators and denominators of one measure for several alternatives, on the replications that all have."""
        one = known(measure_name)
        tables = [self._table(name, one, end) for name in names]
        common = tables[0].replication
        for table in tables[1:]:
            if not np.array_equal(common, table.replication):
                common = np.intersect1d(common, table.replication, assume_unique=True)
        return [_counts(one, table, common) for table in tables]

    def samples(self, names: Sequence[str], measure_name: str) -> list[Counts]:
        """Return the counts of whole knowledge samples only: a sample that lacks a replication is left out for all."""
        inner = max(1, self.alternatives[names[0]].inner)
        one = known(measure_name)
        tables = [self._table(name, one) for name in names]
        kept = _whole_samples([table.replication for table in tables], inner)
        common = (kept[:, None] * inner + np.arange(inner)).ravel()
        return [_counts(one, table, common) for table in tables]

    def sample_numbers(self, names: Sequence[str]) -> Column:
        """Return the numbers of the knowledge samples that ``samples`` keeps."""
        inner = max(1, self.alternatives[names[0]].inner)
        numbers = [self._store.table(self.alternatives[name].key, []).replication for name in names]
        return _whole_samples(numbers, inner)

    def _table(self, name: str, one: Measure, end: int | None = None) -> Table:
        key = self.alternatives[name].key
        found = self._tables.get(key)
        if found is None or not all(column in found.columns for column in one.columns):
            found = self._tables[key] = self._store.table(key, sorted({*self._columns, *one.columns, *(found.columns if found else ())}))
        if end is None:
            return found
        rows = int(np.searchsorted(found.replication, end))
        return Table(found.replication[:rows], {column: found.columns[column][:rows] for column in one.columns})

    def interval(self, name: str, measure_name: str, end: int | None = None, level: float | None = None) -> Interval:
        """Return the interval of a measure for one alternative: exact for yes or no, from replications otherwise.

        Where unknowns are drawn, all nights of a sample share them: the sample is then the unit.
        """
        numerators, denominators = self.counts([name], measure_name, end)[0]
        level = self.level if level is None else level
        sampling, kind = self.alternatives[name].sampling, self._kind([name], measure_name, end)
        if sampling is not None:
            samples = self._table(name, known(measure_name), end).replication // sampling.inner
            return by_unit(numerators, denominators, sampling.units[samples], level, kind.is_share)
        if known(measure_name).is_event:
            return clopper_pearson(int(numerators.sum()), numerators.size, level)
        return ratio_of(numerators, denominators, level, kind.is_share, kind.most)

    def contrast(self, names: Sequence[str], weights: Sequence[float], measure_name: str, level: float, end: int | None = None) -> Contrast:
        """Return a weighted sum over alternatives, safe against looking early."""
        rows = self.counts(names, measure_name, end)
        return contrast_sequence(rows, weights, level, kind=self._kind(names, measure_name, end))

    def _kind(self, names: Sequence[str], measure_name: str, end: int | None) -> Kind:
        """Return what a measure counts, with the most that a night of any of the alternatives can have."""
        one = known(measure_name)
        kinds = [one.kind(self._table(name, one, end).columns) for name in names]
        return max(kinds, key=lambda kind: kind.most or 0)

    def done(self, name: str) -> int:
        """Return how many replications of an alternative are recorded or set aside."""
        if name not in self.alternatives:
            return 0
        key = self.alternatives[name].key
        return self._store.count(key) + self._aside.get(key, 0)

    def replications(self, name: str) -> Column:
        """Return the numbers of the recorded replications of an alternative, in order."""
        return self._store.table(self.alternatives[name].key, []).replication

    def measures(self, name: str) -> list[str]:
        """Return the columns that an alternative's outcomes have."""
        return self._store.measures.get(self.alternatives[name].key, [])


def _whole_samples(numbers: Sequence[Column], inner: int) -> Column:
    """Return the knowledge samples of which every alternative has every replication."""
    whole = [np.flatnonzero(np.bincount(one // inner) == inner) for one in numbers]
    kept = whole[0]
    for more in whole[1:]:
        kept = np.intersect1d(kept, more, assume_unique=True)
    return kept


def _counts(one: Measure, table: Table, common: Column) -> Counts:
    rows = np.searchsorted(table.replication, common)
    return one.counts({name: table.columns[name][rows] for name in one.columns})
