"""Parsing the keys of ``[data]`` that say how a file with a table is read, and what its columns are."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import cast

from nn_tui.core.errors import InputError, KeyPath
from nn_tui.core.fields import Section, check_choice, check_string, read_bool, read_string
from nn_tui.core.spec import DataSpec
from nn_tui.core.table.values import Decimal, Missing, TableOptions, TargetKind
from nn_tui.core.text import closest_names, quote
from nn_tui.core.translation import Message, message

DataChanges = Mapping[str, object]
"""Keys of ``[data]`` and their values, which replace those of a preset or what the program would choose."""

NO_CHANGES: DataChanges = MappingProxyType({})
OPTION_KEYS = tuple(field.name for field in fields(TableOptions))
_NAME_LISTS = ("drop", "keep", "categories")
_ENCODINGS = ("utf-8", "utf-16", "cp949", "euc-kr", "cp1252", "latin-1", "shift_jis", "gb18030", "big5", "koi8-r")


def parse_table_source(section: Section, common: DataSpec) -> DataSpec:
    """Parse the keys of a file with a table.

    Args:
        section: The table ``[data]``.
        common: The values of the keys that each source of data has.

    Raises:
        InputError: For wrong types and values, and for values that do not fit each other.
    """
    csv = read_string(section, "csv")
    if not csv:
        raise section.error("missing", "csv", message("it is missing; it names the file."))
    are_classes = read_bool(section, "classes", False)
    has_options = any(key in section.values for key in OPTION_KEYS)
    # Another meaning of the targets alone does not change how the columns are read.
    if not has_options and not ("standardize_target" in section.values and "target" not in section.values):
        target = read_string(section, "target")
        if not target:
            raise section.error("missing", "target", message("it is missing; it names the column to predict."))
        return replace(common, csv=csv, target=target, target_is_class=are_classes)
    target = _check_name(section.values.get("target", ""), section.key("target"))
    if "target" in section.values and not target:
        raise section.error("missing", "target", message("it is empty; name the column to predict, or remove the key."))
    options = _parse_options(section)
    if are_classes and options.target_kind == "numbers":
        problem = message("target_kind says that the target has numbers; remove one of the two.")
        raise section.error("conflict", "classes", problem)
    if are_classes:
        options = replace(options, target_kind="classes")
    if options.test_csv and common.test_fraction:
        problem = message("test_csv names the rows for testing; remove one of the two.")
        raise section.error("conflict", "test_fraction", problem)
    return replace(common, csv=csv, target=target or None, options=options)


def _parse_options(section: Section) -> TableOptions:
    decimal = _read_optional_choice(section, "decimal", (".", ","), message("a decimal mark"))
    test_csv = read_string(section, "test_csv")
    if "test_csv" in section.values and not test_csv:
        raise section.error("missing", "test_csv", message("it is empty; name a file, or remove the key."))
    return TableOptions(
        separator=_read_separator(section),
        decimal=cast(Decimal | None, decimal),
        header=read_bool(section, "header", False) if "header" in section.values else None,
        encoding=_read_encoding(section),
        drop=_read_names(section, "drop"),
        keep=_read_names(section, "keep"),
        categories=_read_names(section, "categories"),
        target_kind=cast(
            TargetKind | None,
            _read_optional_choice(section, "target_kind", ("classes", "numbers"), message("a kind of target")),
        ),
        missing=cast(
            Missing | None,
            _read_optional_choice(
                section, "missing", ("mean", "drop", "refuse"), message("a way to treat missing values")
            ),
        ),
        test_csv=test_csv or None,
    )


def _read_optional_choice(section: Section, name: str, names: tuple[str, ...], kind: Message) -> str | None:
    if name not in section.values:
        return None
    return check_choice(section.values[name], section.key(name), names, kind)


def _read_names(section: Section, name: str) -> tuple[str, ...]:
    names = section.values.get(name, [])
    if isinstance(names, str) or not isinstance(names, list | tuple):
        raise section.error("wrong_type", name, message('it must be a list of columns, such as ["name", "age"].'))
    path = section.key(name)
    result = tuple(_check_name(value, (*path, index)) for index, value in enumerate(names))
    for index, value in enumerate(result):
        if value in result[:index]:
            problem = message("{name} is listed twice; list it once.", name=quote(value))
            raise InputError("duplicate", problem, path=(*path, index), value=value)
    return result


def _check_name(value: object, path: KeyPath) -> str:
    """Return the name of a column, which may have any characters, such as a line break."""
    return value if isinstance(value, str) else check_string(value, path)


def _read_separator(section: Section) -> str | None:
    if "separator" not in section.values:
        return None
    value = section.values["separator"]
    if value == "\t":  # a control character, which no other text may have
        return "\t"
    text = check_string(value, section.key("separator"))
    if len(text) != 1 or text.isalnum() or text in "\"'.-+_" or unicodedata.category(text)[0] in "CM":
        problem = message(
            '{value} does not separate cells; write one character, such as ";", "|" or "\\t".', value=quote(text)
        )
        raise section.error("not_a_choice", "separator", problem)
    return text


def _read_encoding(section: Section) -> str | None:
    if "encoding" not in section.values:
        return None
    name = read_string(section, "encoding").strip().lower()
    try:
        "a".encode(name)
    except (LookupError, ValueError):
        nearest = tuple(closest_names(name, _ENCODINGS))
        problem = message("{name} is not an encoding that Python knows.", name=quote(name))
        if not nearest:
            problem = message(
                "{name} is not an encoding that Python knows; common ones are: {names}.",
                name=quote(name),
                names=", ".join(_ENCODINGS),
            )
        path = section.key("encoding")
        raise InputError("not_a_choice", problem, path=path, value=name, suggestions=nearest) from None
    return name


def with_data_changes(data: object, changes: DataChanges, name: str) -> dict[str, object]:
    """Return the table ``[data]`` with other values of some keys; a column gets the role that the changes give it.

    Args:
        data: The table ``[data]`` of a preset.
        changes: The keys that change.
        name: The name of the preset, for an error.

    Raises:
        InputError: If the data are not from a file with a table.
    """
    if not isinstance(data, dict) or "csv" not in data:
        raise not_a_table_error(changes, name)
    named = {changes.get("target")}
    for key in _NAME_LISTS:
        value = changes.get(key, [])
        named |= set(map(str, value)) if isinstance(value, list | tuple) else set()
    result = dict(data)
    for key in _NAME_LISTS:
        if isinstance(result.get(key), list):
            result[key] = [column for column in result[key] if column not in named]
    if "target" in changes or "target_kind" in changes:  # they are about another target, or say the same
        result.pop("target_kind", None)
        result.pop("classes", None)
    if "test_fraction" in changes or "test_csv" in changes:
        result.pop("test_fraction", None)
        result.pop("test_csv", None)
    if result.get("target") in named:
        del result["target"]
    return result | dict(changes)


def not_a_table_error(changes: DataChanges, name: str) -> InputError:
    """Return the error for changes of data that are not from a file with a table; the caller raises it."""
    key = next(iter(changes))
    problem = message("this works on tables only, and {name} has no table.", name=quote(name))
    return InputError("not_available", problem, path=("data", key), value=changes[key])


def options_table(options: TableOptions) -> dict[str, object]:
    """Return the keys of ``[data]`` that :func:`parse_table_source` parses to ``options``."""
    table: Mapping[str, object] = {name: getattr(options, name) for name in OPTION_KEYS}
    written = {name: value for name, value in table.items() if value not in (None, ())}
    return written or {"drop": ()}  # a key of them must be there
