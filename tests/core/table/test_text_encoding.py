"""Check that the encoding of a text is found, and that a text in another one is refused with its line."""

from __future__ import annotations

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.table.text_encoding import find_encoding

KOREAN = "날짜,지점,평균기온(℃)\n1907-10-01,108,13.5\n"
JAPANESE = "名前,年齢,都道府県\n山田太郎,12,東京都\n鈴木花子,13,大阪府\n"
CHINESE = "姓名,年龄,城市\n张三,12,北京\n李四,13,上海\n"
RUSSIAN = "имя,город\nИван,Москва\nПётр,Казань\n"


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        ("a,b\n1,2\n", "ascii", "utf-8"),
        ("größe,b\n1,2\n", "utf-8", "utf-8"),
        ("größe,b\n1,2\n", "utf-8-sig", "utf-8"),
        ("größe,b\n1,2\n", "utf-16", "utf-16"),
        ("größe,b\n1,2\n", "utf-32", "utf-32"),
        ("a,b\n1,2\n", "utf-16-le", "utf-16-le"),
        ("a,b\n1,2\n", "utf-16-be", "utf-16-be"),
        (KOREAN, "utf-16-le", "utf-16-le"),
        (KOREAN, "cp949", "cp949"),
        (KOREAN, "euc-kr", "cp949"),
        ("a,b\n1,서울\n2,x\n", "cp949", "cp949"),
        ("키,몸무게,성별\n170,60,1\n", "euc-kr", "cp949"),
        ("이름,값\n똠방각하,1\n펲시,2\n", "cp949", "cp949"),
        (JAPANESE, "cp932", "cp932"),
        ("データ,テスト\n1,2\n", "cp932", "cp932"),
        (JAPANESE, "euc-jp", "euc_jp"),
        (JAPANESE, "iso2022_jp", "iso2022_jp"),
        ("a,größe\n1,2\n", "utf-32-le", "utf-32-le"),
        ("a,größe\n1,2\n", "utf-32-be", "utf-32-be"),
        (CHINESE, "gb18030", "gb18030"),
        ("姓名,年齡,城市\n張三,12,臺北\n李四,13,高雄\n", "big5", "big5"),
        (RUSSIAN, "cp1251", "cp1251"),
        ("όνομα,πόλη\nΝίκος,Αθήνα\n", "cp1253", "cp1253"),
        ("größe,süß,Straße\n1,2,3\n", "latin-1", "cp1252"),
        ("nom,prénom,âge\nRené,été,3\n", "cp1252", "cp1252"),
        ("año,precio €\n1,2\n", "cp1252", "cp1252"),
        ("temp °C,it’s\n1,2\n", "cp1252", "cp1252"),
        ("imię,nazwisko\nŁukasz,Żółw\nMichał,Gęś\n", "cp1250", "cp1250"),
        ("imię,nazwisko\nŁukasz,Żółw\nMichał,Gęś\n", "iso8859-2", "iso8859-2"),
        ("Größe,Länge\n1,2\nMüller,3\n", "mac_roman", "mac-roman"),
        ("Größe,Länge\n1,2\nMüller,3\n", "cp437", "cp437"),
    ],
)
def test_the_encoding_is_found(text: str, written: str, found: str) -> None:
    assert find_encoding(text.encode(written), None, "d.csv") == found


@pytest.mark.parametrize(
    ("asked", "name"), [("UTF8", "utf-8"), ("latin-1", "iso8859-1"), ("EUC-KR", "euc_kr"), ("utf_8_sig", "utf-8-sig")]
)
def test_an_encoding_that_is_asked_for_has_pythons_name(asked: str, name: str) -> None:
    assert find_encoding(b"a,b\n", asked, "d.csv") == name


@pytest.mark.parametrize(
    ("data", "asked", "words"),
    [
        (b"a,b\n1,2\n\x00,3\n", None, ["d.csv: line 3", "NUL"]),
        ("größe,grün\n".encode() * 20 + b"\xe9,1\n", None, ["line 21", "0xe9", "UTF-8"]),
        ("größe,b\n".encode() + "groß,1\n".encode("latin-1") * 2, None, ["line 2", "0xdf", "UTF-8"]),
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n\xe9,3\r\n", None, ["line 3", "0xe9"]),
        ("größe\n".encode(), "ascii", ["line 1", "0xc3", "ASCII"]),
        (b"a\n\xff\n", "cp949", ["line 2", "0xff", "CP949"]),
        (b"a,b\n1,2\n3", "utf-16", ["UTF-16"]),
        (b"a", "hex", ['"hex" is not a text encoding']),
        (b"a", "rot13", ['"rot13" is not a text encoding']),
        (b"a", "punycode", ['"punycode" is not a text encoding']),
        (b"a", "", ['"" is not a text encoding']),
        (b"a", "utf-9", ['"utf-9" is not a text encoding', "Did you mean"]),
    ],
)
def test_a_text_in_another_encoding_is_refused(data: bytes, asked: str | None, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        find_encoding(data, asked, "d.csv")
    assert str(caught.value).isprintable()
    for word in words:
        assert word in str(caught.value)


def test_a_byte_that_is_split_over_two_pieces_is_found_at_its_line() -> None:
    data = b"a\n" * 2**19 + "é".encode() * 40 + b"\n\xc3"
    with pytest.raises(InputError, match=f"line {2**19 + 2}: byte 0xc3"):
        find_encoding(data, "utf-8", "d.csv")
