"""Tables say what the log says, for one replication and for many."""

import numpy as np

from openiads.model import codes


def test_there_is_one_row_an_object_and_it_ends_as_the_outcome_says(single):
    table = single.tables.columns("outcomes")
    assert len(table["object"]) == len(single.planned.plan.sky.objects)
    hostile = table["side"] == "hostile"
    for end in ("killed", "leaked", "turned_back", "prevented"):
        assert int(((table["end"] == end) & hostile).sum()) == single.outcome[end]
    why = table["why"][(table["end"] == "leaked") & hostile]
    assert all(link in codes.WHY for link in why)
    parents = {name: parent for name, parent in zip(table["object"], table["parent"]) if parent}
    assert set(parents) == {"arm-1", "arm-2"}


def test_engagements_are_the_shots(single):
    found = single.tables["engagements"].filter("launch_us IS NOT NULL")
    rows = found.fetchnumpy()
    assert len(rows["shot"]) == single.outcome["shots"]
    assert (
        int((rows["result"] == "kill").sum()) == single.outcome["killed"] + single.outcome["civil_lost"] + single.outcome["friendly_lost"]
    )
    assert (rows["launch_us"] >= rows["order_us"]).all()
    met = ~np.ma.getmaskarray(rows["intercept_us"])
    assert (rows["intercept_us"][met] > rows["launch_us"][met]).all()


def test_first_detections_and_tracks_belong_to_what_flew(single):
    names = set(single.tables.columns("outcomes")["object"])
    seen = single.tables.columns("detections")
    assert set(seen["object"]) <= names
    assert (seen["range_m"] > 0).all()
    tracks = single.tables.columns("tracks")
    assert len({(p, n) for p, n in zip(tracks["picture"], tracks["track"])}) == len(tracks["track"])
    for start, firm, drop in zip(tracks["start_us"], tracks["firm_us"], tracks["drop_us"]):
        assert drop is None or ((start or 0) <= drop and (firm or 0) <= drop)


def test_plots_lie_near_what_made_them(single):
    plots = single.tables["plots"].fetchnumpy()
    assert len(plots["time_us"]) > 100
    assert (np.diff(np.sort(plots["time_us"])) >= 0).all()
    assert plots["latitude_deg"].min() > 52.0
    assert plots["latitude_deg"].max() < 56.0


def test_every_table_is_typed_even_when_empty(single):
    for name in single.tables:
        relation = single.tables[name]
        assert len(relation.columns) == len(relation.types)
        assert relation.filter("false").fetchall() == []


def test_many_replications_are_one_row_each(crowd):
    rows = crowd.tables["replications"].fetchnumpy()
    assert rows["replication"].tolist() == list(range(24))
    assert int(rows["leaked"].sum()) == crowd.outcome["leaked"]
    assert rows["digest"][3] == crowd.batch.digests[3].hex()
