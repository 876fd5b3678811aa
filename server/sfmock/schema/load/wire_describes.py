"""The form of describe results, checked as they come in: outside data, so pydantic reads it (rest.md 2.1-2.3)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class _Wire(BaseModel):
    """Keys in camel case and in any order; `model_extra` keeps those that stand nowhere here."""

    model_config = ConfigDict(alias_generator=to_camel, extra="allow", strict=True)


class WirePicklistValue(_Wire):
    """One of a field's `picklistValues`."""

    value: str
    label: str | None = None
    active: bool = True
    default_value: bool = False
    valid_for: str | None = None


class WireLookupFilter(_Wire):
    """A field's `filteredLookupInfo`."""

    controlling_fields: list[str] = []
    dependent: bool = False
    optional_filter: bool = False


class WireField(_Wire):
    """One of `fields`; old versions have fewer keys."""

    name: str
    type: str
    label: str = ""
    aggregatable: bool = True
    ai_prediction_field: bool = False
    auto_number: bool = False
    byte_length: int = 0
    calculated: bool = False
    calculated_formula: str | None = None
    cascade_delete: bool = False
    case_sensitive: bool = False
    compound_field_name: str | None = None
    controller_name: str | None = None
    createable: bool = True
    custom: bool = False
    default_value: Any = None
    default_value_formula: str | None = None
    defaulted_on_create: bool = False
    dependent_picklist: bool = False
    deprecated_and_hidden: bool = False
    digits: int = 0
    display_location_in_decimal: bool = False
    encrypted: bool = False
    external_id: bool = False
    extra_type_info: str | None = None
    filterable: bool = True
    filtered_lookup_info: WireLookupFilter | None = None
    formula_treat_null_number_as_zero: bool = False
    groupable: bool = True
    high_scale_number: bool = False
    html_formatted: bool = False
    id_lookup: bool = False
    inline_help_text: str | None = None
    length: int = 0
    mask: str | None = None
    mask_type: str | None = None
    name_field: bool = False
    name_pointing: bool = False
    nillable: bool = True
    permissionable: bool = False
    picklist_values: list[WirePicklistValue] = []
    polymorphic_foreign_key: bool = False
    precision: int = 0
    query_by_distance: bool = False
    reference_target_field: str | None = None
    reference_to: list[str] = []
    relationship_name: str | None = None
    relationship_order: int | None = None
    restricted_delete: bool = False
    restricted_picklist: bool = False
    scale: int = 0
    search_prefilterable: bool = False
    soap_type: str = ""
    sortable: bool = True
    unique: bool = False
    updateable: bool = True
    write_requires_master_read: bool = False


class WireChild(_Wire):
    """One of `childRelationships`."""

    child_s_object: str  # the alias is childSObject
    field: str
    relationship_name: str | None = None
    cascade_delete: bool = False
    restricted_delete: bool = False
    deprecated_and_hidden: bool = False
    junction_id_list_names: list[str] = []
    junction_reference_to: list[str] = []


class WireRecordType(_Wire):
    """One of `recordTypeInfos`; `developerName` came with version 43.0, `master` and `active` before that."""

    name: str
    record_type_id: str
    developer_name: str | None = None
    active: bool = True
    available: bool = True
    default_record_type_mapping: bool = False
    master: bool = False
    urls: Any = None


class WireScope(_Wire):
    """One of `supportedScopes`."""

    name: str
    label: str = ""


class WireSObject(_Wire):
    """A describe result, or a row of a global describe, which has no `fields`."""

    name: str
    label: str = ""
    label_plural: str = ""
    key_prefix: str | None = None
    fields: list[WireField] | None = None
    child_relationships: list[WireChild] = []
    record_type_infos: list[WireRecordType] = []
    supported_scopes: list[WireScope] | None = None
    compact_layoutable: bool = True
    createable: bool = True
    custom: bool = False
    custom_setting: bool = False
    deep_cloneable: bool = False
    deletable: bool = True
    feed_enabled: bool = False
    layoutable: bool = True
    mergeable: bool = False
    mru_enabled: bool = False
    queryable: bool = True
    replicateable: bool = True
    retrieveable: bool = True
    search_layoutable: bool | None = True
    searchable: bool = True
    triggerable: bool = True
    undeletable: bool = True
    updateable: bool = True
    associate_entity_type: str | None = None
    associate_parent_entity: str | None = None
    urls: Any = None
    sobject_describe_option: str | None = None
    # these have no counterpart in the fake's schema
    action_overrides: list[Any] = []
    activateable: bool = False
    default_implementation: Any = None
    deprecated_and_hidden: bool = False
    extended_by: Any = None
    extends_interfaces: Any = None
    has_subtypes: bool = False
    implemented_by: Any = None
    implements_interfaces: Any = None
    is_interface: bool = False
    is_subtype: bool = False
    listviewable: Any = None
    lookup_layoutable: Any = None
    named_layout_infos: list[Any] = []
    network_scope_field_name: Any = None


class WireDocument(_Wire):
    """One file: a describe result, `{"sobjects": […]}`, or what `sf sobject describe --json` prints."""

    name: str | None = None
    sobjects: list[WireSObject] | None = None
    result: WireSObject | list[WireSObject] | None = None
