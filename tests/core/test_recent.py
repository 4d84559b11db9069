from parcours.core.recent import Recent


def test_the_one_unused_longest_goes_first() -> None:
    recent: Recent[str, int] = Recent(2)
    assert recent.keep("a", 1) == 1
    recent.keep("b", 2)
    assert recent.get("a") == 1
    recent.keep("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (1, None, 3)


def test_what_was_forgotten_is_not_there() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.keep("a", 1)
    recent.forget()
    assert recent.get("a") is None
