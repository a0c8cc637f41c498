"""The dialogue in a terminal."""

from unicodedata import category

from acav1m.agent.page.text import text, told


def test_every_cycle_is_told_and_nothing_steers_the_terminal(report):
    said = text(report)

    assert said.count("\ncycle ") == 2
    assert "\nscores (0 to 1, from 0.85 on good enough)\n  alignment     whether what" in said
    assert "    | what now?\n" in said
    assert "  verdict       refused: it mutes\n" in said
    assert '<script>alert("mute")</script>' in said
    assert not [sign for sign in said.replace("\n", "") if category(sign) == "Cc"]
    assert said.endswith("\n  done          speed (factor 1, start_s 0.5)")


def test_what_is_kept_has_nothing_done(kept):
    assert "cycle" not in told(kept.story)
    assert "not_needed: " in told(kept.story).splitlines()[-1]
