"""What the name of a column says about it: an identifier, an axis such as time, or the target."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence


def _split(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ID_NAMES = _split(
    "id ids idx index rowindex row rows rownum rownumber rownames rowname rowid uid uuid guid key nr no num number"
    " obs observation case caseno recordno record serial serialnumber serialno sno srno slno lfdnr lfdnummer nummer"
    " identifier unnamed0 level0 seq sequence seqno sl sr zeile zeilennummer"
    " 행번호 인덱스 순서 번호 순번 일련번호 연번 아이디 고객번호 회원번호 学号 编号 序号"
)
_ID_OWNERS = _split(
    "user customer client patient student passenger employee emp cust person member order product prod item sample"
    " subject record row case house property car loan transaction trans txn invoice session device account policy"
    " listing booking ride trip movie song track game match player team company school hospital event message"
)
_MIN_NUMBERED_COLUMNS = 4  # names 0,1,2,… of so many columns number them; fewer may be a row of numbers
_LAST_ID_WORDS = _split("id ids idx uid uuid guid nr no 번호")
_NUMBER_WORDS = _split("number num code 번호")
_AXES = _split(
    "t x time year years month months week weeks day days hour hours hr minute minutes min second seconds sec date age"
    " step steps epoch iteration generation temp temperature dose level size distance length position jahr jahre monat"
    " tag tage woche wochen stunde stunden zeit alter 연도 년도 년 월 일 주 시 시간 나이 공부시간"
)
_TIMES = _split(
    "time year years yr month months week weeks quarter date dates day days timestamp datetime jahr monat datum zeit"
    " 연도 년도 년 월 일 날짜 시간 日期 时间 年份"
)
_TARGETS = (  # the names of the first group are preferred to those of the second
    _split(
        "label labels target targets class classes y outcome outcomes output species diagnosis survived churn exited"
        " attrition price saleprice sellingprice medv mpg medianhousevalue quality ytrue groundtruth klasse ziel"
        " zielvariable zielgröße 목표 정답 라벨 레이블 클래스 타깃 타겟 결과 품종 생존 생존여부 진단"
    ),
    _split(
        "salary income result response charges sales revenue cost score grade finalgrade category variety digit"
        " approved loanstatus strength disease risk rating rings demand cnt count fraud isfraud spam default defaulted"
        " purchased clicked click subscribed preis gehalt umsatz ergebnis note 가격 집값 매출 연봉 점수 성적 등급"
    ),
)


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case: ``passenger``, ``id`` for ``PassengerId`` and ``passenger_id``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return tuple(word.casefold() for word in re.findall(r"[^\W_]+", spaced))


def is_id_name(name: str) -> bool:
    """Return whether a column is named like an identifier: ``Id``, ``PassengerId``, ``S.No``, ``#``, ``번호``."""
    parts = words(name)
    joined = "".join(parts)
    if joined in _ID_NAMES or name.strip() in ("#", "№"):
        return True
    if len(parts) > 1 and parts[-1] in _LAST_ID_WORDS:
        return True
    if len(parts) > 1 and parts[-1] in _NUMBER_WORDS and parts[-2] in _ID_OWNERS:
        return True
    return joined.endswith("id") and joined[:-2] in _ID_OWNERS


def is_axis_name(name: str, others: Collection[str] = ()) -> bool:
    """Return whether a column is named like something that is measured in equal steps: ``t``, ``year``, ``x``.

    Args:
        name: The name.
        others: All names of the table. R calls row numbers ``X``, but beside ``Y`` it is an axis, too.
    """
    return "Y" in others if name == "X" else any(word in _AXES for word in words(name))


def is_time_name(name: str) -> bool:
    """Return whether a column is named like a time: ``year``, ``model_year``, ``날짜``, but not ``years_married``."""
    return bool(parts := words(name)) and parts[-1] in _TIMES


def target_rank(name: str, others: Collection[str] = ()) -> int:
    """Return how much a column is named like a target: 0 not at all, 1 like ``income``, 2 like ``label``.

    Args:
        name: The name.
        others: All names of the table. Beside ``x`` and ``z``, ``y`` is a coordinate.
    """
    parts = words(name)
    joined = "".join(parts)
    if joined == "y" and {"x", "z"} <= {other.casefold() for other in others}:
        return 0
    for rank, names in zip((2, 1), _TARGETS, strict=True):
        if joined in names or (len(parts) > 1 and len(parts[-1]) > 1 and parts[-1] in names):
            return rank
    return 0


def is_numbering(names: Sequence[str]) -> bool:
    """Return whether names are 0, 1, 2, … or 1, 2, 3, …, as some programs number columns without names."""
    return len(names) >= _MIN_NUMBERED_COLUMNS and any(
        all(name == str(start + index) for index, name in enumerate(names)) for start in (0, 1)
    )
