"""Parsing the schedule of the learning rate, for preset files and for live changes."""

from __future__ import annotations

from nn_tui.core.fields import (
    Section,
    read_choice,
    read_float,
    read_int,
    read_section,
    reject_unknown_keys,
    unknown_option_error,
)
from nn_tui.core.limits import MAX_UPDATES, check_schedule_option
from nn_tui.core.nn.schedules import DEFAULT_START_FACTOR, SCHEDULES
from nn_tui.core.spec import ScheduleSpec, WarmupSpec
from nn_tui.core.text import quote
from nn_tui.core.translation import Message, message


def parse_schedule(section: Section) -> ScheduleSpec:
    """Parse the table ``[training.schedule]``; an empty one is a constant learning rate.

    Raises:
        InputError: For unknown or missing keys, wrong types and values out of range.
    """
    name = read_choice(section, "name", SCHEDULES, message("a schedule"), "constant")
    schedule = SCHEDULES[name]
    all_options = dict.fromkeys(option for other in SCHEDULES.values() for option in other.options)
    reject_unknown_keys(section, ["name", "per", "warmup", *all_options])
    for key in all_options:
        if key in section.values and key not in schedule.options:
            raise unknown_option_error(section, key, name, schedule.options)
    for key in schedule.required:
        if key not in section.values:
            problem = message(
                "it is missing; the schedule {owner} needs it, and takes {choices}.",
                owner=quote(name),
                choices=", ".join(schedule.options),
            )
            raise section.error("missing", key, problem)
    per = read_choice(section, "per", ("update", "epoch"), message("a unit of time"), "update")
    return ScheduleSpec(
        name=name,
        options=tuple(
            (key, check_schedule_option(key, section.values[key], section.key(key), is_count=key in schedule.counts))
            for key in schedule.options
            if key in section.values
        ),
        per="epoch" if per == "epoch" else "update",
        warmup=_parse_warmup(read_section(section, "warmup")) if "warmup" in section.values else None,
    )


def schedule_table(spec: ScheduleSpec) -> dict[str, object]:
    """Return the table that :func:`parse_schedule` parses to ``spec``."""
    counts = SCHEDULES[spec.name].counts
    table: dict[str, object] = {"name": spec.name, "per": spec.per}
    table.update({key: int(value) if key in counts else value for key, value in spec.options})
    if spec.warmup is not None:
        table["warmup"] = {"start_factor": spec.warmup.start_factor, "total_iters": spec.warmup.total_iters}
    return table


def schedule_text(spec: ScheduleSpec) -> str | Message:
    """Describe a schedule in a few words: ``cosine T_max=500 per epoch, warm-up 20``."""
    schedule = " ".join([spec.name, *(f"{key}={value:g}" for key, value in spec.options)])
    is_per_epoch, warmup = spec.per == "epoch", spec.warmup
    if warmup is None:
        return message("{schedule} per epoch", schedule=schedule) if is_per_epoch else schedule
    if is_per_epoch:
        return message("{schedule} per epoch, warm-up {count}", schedule=schedule, count=warmup.total_iters)
    return message("{schedule}, warm-up {count}", schedule=schedule, count=warmup.total_iters)


def _parse_warmup(section: Section) -> WarmupSpec:
    reject_unknown_keys(section, ("start_factor", "total_iters"))
    return WarmupSpec(
        start_factor=read_float(section, "start_factor", DEFAULT_START_FACTOR, above=0, max_=1),
        total_iters=read_int(section, "total_iters", 5, min_=1, max_=MAX_UPDATES),
    )
