"""Every setting, declared once: its option, ini key and marker key, what it may be, and the one order of sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pytest

if TYPE_CHECKING:
    from sfmock.control.rules import Rules
    from sfmock.org.org import Org
    from sfmock.org.users import User

MODES = ("fake",)
TRANSPORTS = ("auto", "intercept", "redirect", "http", "https")
SHOW = ("failed", "all", "none")

Limit: TypeAlias = "int | Mapping[str, int]"
"""What the marker sets of a limit: its maximum, or any of `max`, `remaining` and `used`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one test runs with, after command line, markers, fixtures and ini file had their say."""

    mode: str = "fake"
    org: str | Path | Org = "developer"
    api_version: str = "60.0"
    transport: str = "auto"
    seed: int = 0
    user: str | User | None = None
    now: datetime | None = None
    token_lifetime: float | None = None
    limits: Mapping[str, Limit] = field(default_factory=dict)
    allow_refused: tuple[str, ...] = ()
    api_budget: int | None = None
    n_plus_one: int = 10
    fail_n_plus_one: bool = False
    show: str = "failed"
    har: Path | None = None

    @property
    def rules(self) -> Rules:
        """What the test must not do, beyond what its assertions say."""
        from sfmock.control.rules import Rules

        return Rules(
            allow_refused=self.allow_refused,
            api_budget=self.api_budget,
            n_plus_one=self.n_plus_one,
            fail_n_plus_one=self.fail_n_plus_one,
        )


class Setting(NamedTuple):  # every run makes this class, and a dataclass takes longer
    """A setting and the places it can be set; `read` returns the value or raises ValueError with what is allowed."""

    name: str
    read: Callable[[object], object]
    help: str
    choices: tuple[str, ...] | None = None
    option: bool = False
    ini: str | None = None
    """The type of the ini key, if there is one."""
    marker: bool = True

    @property
    def flag(self) -> str:
        """The command-line option."""
        return f"--{self.key.replace('_', '-')}"

    @property
    def key(self) -> str:
        """The ini key, and the fixture where there is one."""
        return f"sfmock_{self.name}"


def _one_of(allowed: tuple[str, ...]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return str(value)

    return read


def _org(value: object) -> str | Path | Org:
    from sfmock.org.org import Org
    from sfmock.org.packs import find_pack
    from sfmock.store import files

    if isinstance(value, Org):
        if value.db.durable:
            raise ValueError(
                "an org for tests, for it owns its file and would keep what they write: give the file's path"
            )
        return value
    if not isinstance(value, str | Path):
        raise ValueError(
            "an Org, the name or folder of an org pack, or a file that org.save() wrote"
        )
    try:
        if not Path(value).is_file():
            find_pack(value)
    except (LookupError, ValueError) as error:
        raise ValueError(f"an org pack: {error}") from None
    if Path(value).is_file():
        try:
            files.check(Path(value))
        except files.OrgFileError as error:
            raise ValueError(f"an org file: {error}") from None
    return value


def _api_version(value: object) -> str:
    from sfmock import versions

    written = f"{value}.0" if type(value) is int else str(value)
    found = versions.parse(written)
    if found is None or not found.live:
        live = versions.live()
        raise ValueError(f"a live API version, {live[0]} to {live[-1]}")
    return written


def _seed(value: object) -> int:
    try:
        if isinstance(value, int | str) and not isinstance(value, bool):
            return int(value)
    except ValueError:
        pass
    raise ValueError("a whole number")


def _user(value: object) -> str | User:
    from sfmock.org.users import User

    if isinstance(value, User) or (isinstance(value, str) and value):
        return value
    raise ValueError("a User, or the username or id of one")


def _now(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(UTC)
    raise ValueError(
        "an aware datetime, or one in ISO form with its offset: 2026-01-31T12:00:00+00:00"
    )


def _token_lifetime(value: object) -> float:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(seconds, int | float) and not isinstance(seconds, bool) and seconds > 0:
        return float(seconds)
    raise ValueError("a timedelta, or seconds above 0")


def _limits(value: object) -> Mapping[str, Limit]:
    from sfmock.org.limit_table import MAXIMA

    if not isinstance(value, Mapping) or not all(_is_limit(each) for each in value.values()):
        raise ValueError('{"name of a limit": maximum or {"max": …, "remaining": …, "used": …}}')
    for name in value:
        if name not in MAXIMA:
            raise ValueError(f"known: there is no limit {name!r}, only {', '.join(sorted(MAXIMA))}")
    return dict(value)


def _is_limit(value: object) -> bool:
    if isinstance(value, Mapping):
        return set(value) <= {"max", "remaining", "used"} and all(
            type(each) is int for each in value.values()
        )
    return type(value) is int


def _patterns(value: object) -> tuple[str, ...]:
    from sfmock.discovery import routes
    from sfmock.org.patterns import parse

    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise ValueError("a list of request patterns")
    for each in value:
        try:
            parse(each, routes().names)
        except ValueError as error:
            raise ValueError(f"a list of request patterns: {error}") from None
    return tuple(value)


def _count(value: object) -> int:
    try:
        if isinstance(value, int | str) and not isinstance(value, bool) and int(value) >= 0:
            return int(value)
    except ValueError:
        pass
    raise ValueError("a whole number, 0 or more")


def _yes_or_no(value: object) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in known:
        return known[value.lower()]
    raise ValueError("true or false")


def _folder(value: object) -> Path:
    if isinstance(value, str | Path) and str(value) and not Path(value).is_file():
        return Path(value)
    raise ValueError("a folder, or the path of one to be made")


SETTINGS = (
    Setting(
        "mode",
        _one_of(MODES),
        "Where answers come from.",
        choices=MODES,
        option=True,
        ini="string",
        marker=False,
    ),
    Setting(
        "org",
        _org,
        "The org pack or org file that each test starts from.",
        option=True,
        ini="string",
    ),
    Setting("api_version", _api_version, "The API version of clients.", option=True, ini="string"),
    Setting(
        "transport",
        _one_of(TRANSPORTS),
        "How requests reach the fake: inside requests and redirected (auto), one of the two, or at the loopback address.",
        choices=TRANSPORTS,
        option=True,
        ini="string",
    ),
    Setting("seed", _seed, "Seed of ids, generated values and chances.", option=True, ini="string"),
    Setting("user", _user, "Whose session the access token is."),
    Setting("now", _now, "When the org's clock starts; it runs on from there."),
    Setting("token_lifetime", _token_lifetime, "How long sessions live, in seconds."),
    Setting("limits", _limits, "Limits of the org, by Salesforce's names."),
    Setting(
        "allow_refused",
        _patterns,
        "Requests that the fake may refuse (501) without failing the test.",
        ini="linelist",
    ),
    Setting("api_budget", _count, "API calls that a test may make.", ini="string"),
    Setting(
        "n_plus_one",
        _count,
        "So many calls that differ in one literal get a line in the report; 0: none does.",
        option=True,
        ini="string",
    ),
    Setting("fail_n_plus_one", _yes_or_no, "Such calls fail the test.", ini="string"),
    Setting(
        "show",
        _one_of(SHOW),
        "Whose requests are shown in a section of the report.",
        choices=SHOW,
        option=True,
        ini="string",
        marker=False,
    ),
    Setting(
        "har",
        _folder,
        "A folder for HAR files with the requests of failed tests.",
        option=True,
        ini="string",
        marker=False,
    ),
)
BY_NAME = {each.name: each for each in SETTINGS}
_DEFAULTS = Settings()


def add_options(parser: pytest.Parser) -> None:
    """Declare options and ini keys."""
    group = parser.getgroup("sfmock", "fake Salesforce")
    for each in SETTINGS:
        default = getattr(_DEFAULTS, each.name)
        if each.option:
            text = f"{each.help} ini: {each.key}; default: {default}"
            metavar = None if each.choices else each.name.upper()
            group.addoption(
                each.flag, dest=each.key, choices=each.choices, metavar=metavar, help=text
            )
        if each.ini == "linelist":
            parser.addini(each.key, each.help, type="linelist", default=[])
        elif each.ini:
            text = f"{each.help} Default: {default}"
            parser.addini(each.key, text, type="string", default=None)


def check(config: pytest.Config) -> None:
    """Raise UsageError for an option or ini key with a value that is not allowed."""
    for each in SETTINGS:
        for origin, value in (*_command_line(config, each), *_ini(config, each)):
            read(each, value, origin)


def read(setting: Setting, value: object, origin: str) -> object:
    """The value as the setting keeps it; raises UsageError that names what is allowed."""
    try:
        return setting.read(value)
    except ValueError as error:
        raise pytest.UsageError(f"{origin}: {value!r} is not {error}") from None


def resolve(
    config: pytest.Config, marker: Mapping[str, object], fixtures: Mapping[str, object]
) -> Settings:
    """Command line, then marker, then overridden fixture, then ini key, then default: the only place with this order."""
    values: dict[str, object] = {}
    for each in SETTINGS:
        sources = (
            *_command_line(config, each),
            *_named(marker, each, "marker sfmock({})"),
            *_named(fixtures, each, "fixture sfmock_{}"),
            *_ini(config, each),
        )
        for origin, value in sources[:1]:
            values[each.name] = read(each, value, origin)
    return Settings(**values)  # type: ignore[arg-type]  # each was read by its own Setting


def of_run(config: pytest.Config, name: str) -> object:
    """The value of a setting that is one for the whole run: command line, ini key, default."""
    setting = BY_NAME[name]
    for origin, value in _command_line(config, setting):
        return read(setting, value, origin)
    return configured(config, name)


def configured(config: pytest.Config, name: str) -> object:
    """The ini key's value or the default: what a fixture returns until a project overrides it."""
    setting = BY_NAME[name]
    for origin, value in _ini(config, setting):
        return read(setting, value, origin)
    return getattr(_DEFAULTS, name)


def _command_line(config: pytest.Config, setting: Setting) -> Iterator[tuple[str, object]]:
    if setting.option and (value := config.getoption(setting.key)) is not None:
        yield setting.flag, value


def _ini(config: pytest.Config, setting: Setting) -> Iterator[tuple[str, object]]:
    if setting.ini and (value := config.getini(setting.key)):
        yield f"ini key {setting.key}", value


def _named(
    values: Mapping[str, object], setting: Setting, origin: str
) -> Iterator[tuple[str, object]]:
    if setting.name in values:
        yield origin.format(setting.name), values[setting.name]
