"""From a path to the handler that answers it: a werkzeug Map over the routers that the resources declare."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl, unquote

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import BaseConverter, Map, Rule

from sfmock import errors
from sfmock.org.dml.incoming import Locate
from sfmock.org.org import Org
from sfmock.org.sessions import Session
from sfmock.represent.incoming import json_object
from sfmock.represent.multipart import row_form
from sfmock.represent.places import places
from sfmock.represent.soap import Operation, read
from sfmock.schema.model import SObject
from sfmock.versions import MRU_HEADER, Change, Version
from sfmock.wire import JSON, Parameters, Reply, Request, first_values

Family: TypeAlias = Literal["rest", "oauth", "identity", "soap", "bulk1"]
"""An API family: it decides how errors are written and what headers a reply carries."""

_FAMILIES: tuple[tuple[str, Family], ...] = (
    ("/services/oauth2/", "oauth"),
    ("/services/Soap/", "soap"),
    ("/services/async/", "bulk1"),
    ("/id/", "identity"),
)
_DATA = re.compile(r"/services/data/([^/]+)/")
_UPDATE_MRU = re.compile(r"\s*updateMru\s*=\s*(true|false)\s*;?\s*", re.IGNORECASE)
METHOD_ORDER = ("HEAD", "GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Route:
    """A declared door: which methods on which path, and what the stages must know of it."""

    name: str
    methods: tuple[str, ...]
    path: str
    handler: Handler = field(repr=False)
    family: Family = "rest"
    since: Change | None = None
    auth: bool = True
    """A live session is needed (the session stage answers 401 without one)."""
    counted: bool = True
    """A call against DailyApiRequests (rest.md 5.2)."""
    reserved: bool = False
    """The last word of the path is never a value: methods that the path lacks are 405, and no matter of `<record_id>`."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request on its way to a handler: what the app has looked up, no verdict yet."""

    request: Request
    org: Org
    route: Route | None = None
    version: Version | None = None
    session: Session | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    methods: tuple[str, ...] = ()
    """Where the path exists but not for this method: the methods that it has."""
    other: Route | None = None
    """In that case: the route of one of them."""
    authorization: tuple[str, str] | None = field(default=None, repr=False)
    """Scheme and credentials of the Authorization header."""
    page_size: int | None = None
    """Rows of a page of a query, where a fault says so."""
    refreshes: str | None = field(default=None, repr=False)
    """The refresh token of a token request that is the only one with it at this moment."""
    alone: bool = True
    """False: another request refreshes with the same token at this moment."""
    envelope: Operation | None = field(default=None, repr=False)
    """The SOAP call that the body holds; None for other families, and for a body that is no envelope."""

    @property
    def known(self) -> Route | None:
        """The route, or that of the same path by another method: what is known of the door before it opens."""
        return self.route or self.other

    @property
    def family(self) -> Family:
        """The API family, also where there is no route."""
        return self.known.family if self.known is not None else family_of(self.request.path)

    @property
    def needs_session(self) -> bool:
        """Whether a live session comes before anything else; of unknown paths, those of the data API."""
        return self.known.auth if self.known is not None else self._below_data

    @property
    def counted(self) -> bool:
        """Whether it moves DailyApiRequests: an authenticated call of the data API, a 404 or 405 as well."""
        if self.session is None:
            return False
        return self.known.counted if self.known is not None else self._below_data

    @property
    def _below_data(self) -> bool:
        return self.request.path.startswith("/services/data/")

    @property
    def user_id(self) -> str:
        """The 18-character id of the calling user."""
        if self.session is None:
            raise LookupError(f"{self.request.path} was answered without a session")
        return self.session.user_id

    @property
    def api_version(self) -> Version:
        """The version in the path; only versioned routes have one."""
        if self.version is None:
            raise LookupError(f"{self.request.path} has no API version")
        return self.version

    def operation(self) -> Operation:
        """The SOAP call that the body holds; raises the fault of what is none."""
        return self.envelope or read(self.request.body)

    def app_name(self) -> str | None:
        """The name of the connected app that the session came through."""
        app = None if self.session is None else self.org.apps.by_id(self.session.app_id)
        return None if app is None else app.name

    def args(self) -> Parameters:
        """The query string's parameters."""
        return self.request.args()

    def view(self, sobject: SObject, record_id: str) -> None:
        """The row becomes the user's most recent one, unless the request's Sforce-Mru forbids it (rest.md 1.6)."""
        header = self.request.headers.get("Sforce-Mru")
        if header is not None and self.api_version.has(MRU_HEADER):
            asked = _UPDATE_MRU.fullmatch(header)
            if asked is None:
                raise errors.refuse(
                    "a header Sforce-Mru other than updateMru=true and updateMru=false"
                )
            if asked[1].lower() == "false":
                return
        self.org.recent.add(sobject, record_id, self.user_id)

    def form(self) -> Parameters:
        """Parameters of a form body (urlencoded or multipart) and of the query string; the body's win."""
        content_type = self.request.headers.get("Content-Type") or ""
        media_type = content_type.partition(";")[0].strip().lower()
        if media_type == "application/x-www-form-urlencoded":
            text = self.request.body.decode("utf-8", "replace")
            body = first_values(parse_qsl(text, keep_blank_values=True))
            return Parameters({**self.args(), **body})
        if media_type == "multipart/form-data":
            return Parameters({**self.args(), **_multipart(content_type, self.request.body)})
        return self.args()

    def json_object(self) -> dict[str, JSON]:
        """The body as a JSON object; raises BODY_REQUIRED, JSON_PARSER_ERROR or UNSUPPORTED_MEDIA_TYPE."""
        self.require_json()
        return json_object(self.request.body)

    def row_fields(self, sobject: SObject) -> tuple[Mapping[str, object], Locate]:
        """The fields of a row that the body sends, and where they stand in its JSON; files come in multipart forms."""
        content_type = self.request.headers.get("Content-Type") or ""
        if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
            return self.json_object(), places(self.request.body)
        form = row_form(content_type, self.request.body, sobject)
        fields = json_object(form.json)
        if form.blob_field.lower() in {each.lower() for each in fields}:
            raise errors.refuse("a multipart form whose file stands in its JSON, too")
        return {**fields, form.blob_field: form.blob}, places(form.json)

    def require_json(self) -> None:
        """Refuse XML honestly, and every other media type as Salesforce does (rest.md 1.5)."""
        content_type = self.request.headers.get("Content-Type")
        media_type = (content_type or "application/json").partition(";")[0].strip().lower()
        if media_type in ("application/json", ""):
            return
        if media_type in ("application/xml", "text/xml"):
            raise errors.refuse("XML request bodies in the REST API")
        raise errors.UNSUPPORTED_MEDIA_TYPE(media_type=media_type)


Handler: TypeAlias = Callable[[Call], Reply]


class Router:
    """The doors of one resource family; each module of `resources` has one, called `router`."""

    def __init__(self, family: Family = "rest") -> None:
        self.family: Family = family
        self.routes: list[Route] = []

    def route(
        self,
        methods: str,
        path: str,
        *,
        name: str,
        since: Change | None = None,
        auth: bool = True,
        counted: bool = True,
        family: Family | None = None,
        reserved: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declare a handler: `methods` comma-separated, GET brings HEAD.

        `<name>` segments become parameters, `<id:name>` those that have the length and the characters of a record id.
        """

        def declare(handler: Handler) -> Handler:
            self.routes.append(
                Route(
                    name=name,
                    methods=tuple(methods.split(",")),
                    path=path,
                    handler=handler,
                    family=family or self.family,
                    since=since,
                    auth=auth,
                    counted=counted,
                    reserved=reserved,
                )
            )
            return handler

        return declare


@dataclass(frozen=True, slots=True)
class Match:
    """What a path led to: a route with its parameters, or none with the methods that the path has."""

    route: Route | None
    params: Mapping[str, str]
    methods: tuple[str, ...] = ()
    other: Route | None = None
    """The route of the first of `methods`."""


class _Rule(Rule):
    """A rule that only reads paths: the functions that write them take most of the time of making a map."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        def unused(**values: object) -> tuple[str, str]:
            raise LookupError(f"no path is written by the rule {self.rule}")

        return unused


class _IdConverter(BaseConverter):
    """A segment of 15 or 18 letters and digits: a record id, by its looks."""

    regex = r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?"
    weight = 50


class Routes:
    """All routers as one map."""

    def __init__(self, routers: Iterable[Router]) -> None:
        self.all = tuple(route for router in routers for route in router.routes)
        self.names = frozenset(route.name for route in self.all)
        self._methods = {
            route.path: _ordered(
                method for each in self.all if each.path == route.path for method in each.methods
            )
            for route in self.all
            if route.reserved
        }
        rules = [
            _Rule(route.path, methods=route.methods, endpoint=index, merge_slashes=False)
            for index, route in enumerate(self.all)
        ]
        rules += self._reserved_words()
        converters = {"id": _IdConverter}
        self._map = Map(
            rules, strict_slashes=True, merge_slashes=False, converters=converters
        ).bind("sfmock")
        self._known = lru_cache(maxsize=1024)(self._look_up)

    def match(self, method: str, path: str) -> Match:
        """Look a path up; parameters are percent-decoded, a trailing slash is the same resource."""
        return self._known(method, path)

    def _look_up(self, method: str, path: str) -> Match:
        if path.startswith("//"):  # werkzeug would take the second slash away
            return Match(None, {})
        if len(path) > 1 and path.endswith("/"):
            path = path[:-1]
        try:
            # HTTP's methods are case-sensitive, werkzeug's are not: a small `get` shall find nothing.
            route, params = self._find(method if method.isupper() else f"~{method}", path)
        except MethodNotAllowed as error:
            methods = _ordered(error.valid_methods or ())
            other, params = self._find(methods[0], path)
            return Match(None, params, self._methods.get(other.path, methods), other)
        except NotFound:
            data = _DATA.match(path)
            return Match(None, {} if data is None else {"version": data[1]})
        if route.reserved and method not in self._methods[route.path]:
            return Match(None, params, self._methods[route.path], route)
        return Match(route, params)

    def _reserved_words(self) -> list[_Rule]:
        """Rules by which reserved paths also take the methods that they do not have."""
        return [
            _Rule(
                route.path,
                methods=[each for each in METHOD_ORDER if each not in self._methods[route.path]],
                endpoint=index,
                merge_slashes=False,
            )
            for index, route in enumerate(self.all)
            if route.reserved
        ]

    def _find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        index, raw = self._map.match(path, method=method)
        return self.all[index], {name: unquote(value) for name, value in raw.items()}


def _ordered(methods: Iterable[str]) -> tuple[str, ...]:
    """The methods as `Allowed are` lists them; GET brings HEAD."""
    known = set(methods)
    if "GET" in known:
        known.add("HEAD")
    return tuple(each for each in METHOD_ORDER if each in known)


def family_of(path: str) -> Family:
    """The API family that answers for a path, where no route says it."""
    for start, family in _FAMILIES:
        if path.startswith(start):
            return family
    return "rest"


def _multipart(content_type: str, body: bytes) -> dict[str, str]:
    """The text parts of a multipart form."""
    from email.parser import BytesParser  # loads a lot, for what few tests send
    from email.policy import HTTP

    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n" + body
    )
    parts: dict[str, str] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            parts.setdefault(name, payload.decode("utf-8", "replace"))
    return parts
