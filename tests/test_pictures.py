"""Pictures that are the same bytes every time."""

from acav1m.pictures import drawn


def test_the_same_figure_gives_the_same_bytes_of_each_kind(tmp_path):
    for name in ("one", "two"):
        with drawn(tmp_path / name, (2.0, 1.0)) as figure:
            figure.subplots().plot([0, 1], label="a line")
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    assert made.keys() == {"one.png", "one.svg", "two.png", "two.svg"}
    for kind in ("png", "svg"):
        assert made[f"one.{kind}"] == made[f"two.{kind}"]


def test_only_the_kinds_that_are_asked_for_are_written(tmp_path):
    with drawn(tmp_path / "one", kinds=["png"]):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["one.png"]
