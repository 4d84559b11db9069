from parcours.core.ids import new_id, new_secret


def test_ids_are_version_7_and_sort_by_the_time_they_were_made() -> None:
    ids = [new_id() for _ in range(200)]
    assert {(made.version, made.variant) for made in ids} == {(7, "specified in RFC 4122")}
    assert len(set(ids)) == 200
    assert [made.int >> 80 for made in ids] == sorted(made.int >> 80 for made in ids)


def test_secrets_say_what_they_open_and_never_repeat() -> None:
    secrets = {new_secret("parcours") for _ in range(100)}
    assert len(secrets) == 100
    assert all(secret.startswith("parcours_") and len(secret) > 40 for secret in secrets)
