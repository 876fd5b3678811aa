"""Custom objects and custom settings: the shape that Salesforce gives a new one (metadata.md 6.1, 6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sfmock.schema import hosts, system_fields
from sfmock.schema.custom_computed import numbered
from sfmock.schema.model import Field, SObject
from sfmock.schema.names import label_of
from sfmock.schema.properties import Properties

SHARING = ("ReadWrite", "Read", "Private", "ControlledByParent")
SETTINGS = ("List", "Hierarchy")
NAME_PROPERTIES = ("label", "type", "display_format", "starting_number", "track_history")
"""What `name_field` takes: with a display format the names are auto-numbers."""
_NAME_TYPES = ("Text", "AutoNumber")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectOptions:
    """What a custom object is beyond its fields, in the words of its metadata file (metadata.md 6.2)."""

    label: str | None = None
    label_plural: str | None = None
    name_field: Mapping[str, object] | None = None
    sharing: str = "ReadWrite"
    enable_history: bool = False
    enable_feeds: bool = False
    enable_activities: bool = False
    enable_search: bool = True
    tab: bool = False
    """It has a tab, so that it remembers which rows were viewed."""
    custom_setting: str | None = None

    def __post_init__(self) -> None:
        if self.sharing not in SHARING:
            raise ValueError(f"sharing is one of {', '.join(SHARING)}, not {self.sharing!r}")
        if self.custom_setting not in (None, *SETTINGS):
            raise ValueError(
                f"custom_setting is one of {', '.join(SETTINGS)}, not {self.custom_setting!r}"
            )

    def given(self) -> list[str]:
        """The options that differ from their defaults, apart from the labels."""
        usual = ObjectOptions()
        return [
            name
            for name in self.__dataclass_fields__
            if name not in ("label", "label_plural") and getattr(self, name) != getattr(usual, name)
        ]


def custom_object(name: str, options: ObjectOptions, key_prefix: str) -> SObject:
    """A new custom object without custom fields."""
    label = options.label or label_of(name)
    owned = options.sharing != "ControlledByParent"
    return SObject(
        name=name,
        label=label,
        label_plural=options.label_plural or f"{label}s",
        key_prefix=key_prefix,
        fields=(
            system_fields.record_id(),
            *((_owner(),) if owned else ()),
            system_fields.deleted(),
            name_field(name, label, options.name_field or {}),
            *system_fields.created(),
            *system_fields.modified(),
            *_of_settings(options),
        ),
        children=hosts.relationships(
            (*hosts.ROWS, *(hosts.ACTIVITIES if options.enable_activities else ()))
        ),
        custom=True,
        searchable=options.enable_search,
        feed_enabled=options.enable_feeds,
        mru_enabled=options.tab,
        supported_scopes=("everything", "mine") if owned else ("everything",),
        sharing=options.sharing,
    )


def custom_setting(name: str, options: ObjectOptions, key_prefix: str) -> SObject:
    """A new custom setting without custom fields; the flags are recorded.

    The recording was cut to two fields by its authors. The system fields are those that its flags call for: replicated
    rows have stamps, undeletable ones `IsDeleted`.
    """
    stray = [each for each in options.given() if each != "custom_setting"]
    if stray or options.label_plural:
        raise TypeError(f"a custom setting has no {(*stray, 'label_plural')[0]}")
    label = options.label or label_of(name)
    fields: tuple[Field, ...] = (
        system_fields.record_id(),
        system_fields.deleted(),
        replace(name_field(name, label, {}), label="Name"),
    )
    if options.custom_setting == "Hierarchy":
        fields = (*fields, _setup_owner())
    return SObject(
        name=name,
        label=label,
        label_plural=label,  # recorded: settings have no plural
        key_prefix=key_prefix,
        fields=(*fields, *system_fields.created(), *system_fields.modified()),
        custom=True,
        custom_setting=True,
        triggerable=False,
        compact_layoutable=False,
    )


def name_field(sobject: str, label: str, properties: Mapping[str, object]) -> Field:
    """`Name`: a text that may be left out, or an auto-number."""
    unknown = sorted(properties.keys() - set(NAME_PROPERTIES))
    if unknown:
        raise TypeError(
            f"{sobject}: name_field has no {' and no '.join(unknown)};"
            f" its properties are {', '.join(NAME_PROPERTIES)}"
        )
    given = Properties(f"{sobject} (name_field)", properties)
    counts = "display_format" in given
    kind = given.choice("type", "AutoNumber" if counts else "Text", ("Text", "AutoNumber"))
    if kind == "Text" and counts:
        raise TypeError(f"{sobject}: a name_field of type Text has no display_format")
    if not counts and (kind == "AutoNumber" or "starting_number" in given):
        raise TypeError(f"{sobject}: an auto-numbered name_field needs display_format")
    name = replace(
        system_fields.system("Name", given.text("label") or f"{label} Name", "string"),
        length=80,
        id_lookup=True,
        name_field=True,
        track_history=given.flag("track_history", False),
    )
    if counts:
        return numbered(name, given)
    return replace(
        name, nillable=True, createable=True, updateable=True
    )  # left out, the id becomes the name


def _owner() -> Field:
    return replace(
        system_fields.system("OwnerId", "Owner ID", "reference"),
        createable=True,
        updateable=True,
        reference_to=("Group", "User"),
        relationship_name="Owner",
    )


def _setup_owner() -> Field:
    """Whom a row of a hierarchy is for."""
    return replace(
        system_fields.system("SetupOwnerId", "Setup Owner ID", "reference"),
        createable=True,
        updateable=True,
        nillable=True,
        defaulted_on_create=False,
        reference_to=("Organization", "Profile", "User"),
        relationship_name="SetupOwner",
    )


def _of_settings(options: ObjectOptions) -> tuple[Field, ...]:
    """Fields that follow from the object's settings, behind the stamps."""
    found: list[Field] = []
    if options.enable_activities:
        found.append(_empty("LastActivityDate", "Last Activity Date", "date"))
    if options.tab:
        found.append(_empty("LastViewedDate", "Last Viewed Date", "datetime"))
        found.append(_empty("LastReferencedDate", "Last Referenced Date", "datetime"))
    return tuple(found)


def _empty(name: str, label: str, type_: str) -> Field:
    return replace(
        system_fields.system(name, label, type_), nillable=True, defaulted_on_create=False
    )
