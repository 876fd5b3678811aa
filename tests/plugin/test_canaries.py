"""Secrets planted in every place of requests and replies stand in nothing that is printed or written."""

import json

import pytest

from canaries import found_in

PLANT = """
    import json, logging, pytest
    from pathlib import Path
    import canaries

    def plant(sf):
        Path("secrets.json").write_text(json.dumps(canaries.plant(sf)))

    def show(sf):
        print(sf, sf.org, sf.app, sf.credentials, sf.user, sf.clock, sf.limits, sf.faults, sf.requests)
        print(list(sf.requests), [each.headers for each in sf.requests], sf.client())
        print(sf.org.sessions, list(sf.org.sessions), sf.org.apps.default(), sf.org.users.find(sf.user.id))
        print(sf.org.users.secrets(sf.user.id), sf.org.apps, sf.org.users, sf.requests.last)
"""


@pytest.mark.parametrize("transport", ["intercept", "http"])
def test_no_canary_is_in_reports_logs_reprs_har_or_junit(
    pytester: pytest.Pytester, transport: str
) -> None:
    pytester.makepyfile(
        PLANT
        + """
    @pytest.mark.sfmock(api_budget=1, n_plus_one=1, fail_n_plus_one=True, allow_refused=["*"])
    def test_budget(sfmock, caplog):
        caplog.set_level(logging.DEBUG, "sfmock")
        plant(sfmock)
        show(sfmock)

    def test_expectation(sfmock):
        plant(sfmock)
        sfmock.requests.expect(["limits"])

    def test_refusals(sfmock):
        plant(sfmock)

    def test_crash(sfmock, monkeypatch):
        def crash(self, version):
            raise KeyError(f"{canaries.canary('password')} {canaries.token('bearer')} {sfmock.access_token}")

        plant(sfmock)
        monkeypatch.setattr("sfmock.org.limits.Limits.body", crash)
        canaries.requests.get(f"{sfmock.instance_url}/services/data/v60.0/limits",
                              headers={"Authorization": "Bearer " + sfmock.access_token})
    """
    )

    result = pytester.runpytest(
        "-vv", "-rA", "--showlocals", "--sfmock-show=all", "--sfmock-har=har", "--junitxml=junit.xml",
        f"--sfmock-transport={transport}", "-p", "no:randomly", "-o", "junit_logging=all",
    )  # fmt: skip

    result.assert_outcomes(failed=4)
    secrets = json.loads((pytester.path / "secrets.json").read_text())
    assert len(set(secrets)) >= 59
    written = [*(pytester.path / "har").glob("*.har"), pytester.path / "junit.xml"]
    assert len(written) == 5
    texts = [result.stdout.str(), result.stderr.str(), *(each.read_text() for each in written)]
    assert [found_in(text, secrets) for text in texts] == [[]] * 7
    result.stdout.fnmatch_lines(["*- Captured log call -*", "DEBUG *sfmock.requests:*401 GET *"])
