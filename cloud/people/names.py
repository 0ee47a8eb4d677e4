"""What a person may be called: every form of a name under which somebody may look for it.

Latin names are folded to plain small letters, Chinese ones also stand in pinyin: by syllable, run together and as
initials. Nothing here is shown to anyone; it is only looked for.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import product

from pypinyin import Style, lazy_pinyin

_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "’": "'", "‘": "'", "‐": "-"}
)
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN = re.compile(f"[{_HAN}]")
# Scripts that put no space between words; one sign is already a word to look for.
UNSPACED = re.compile(f"[{_HAN}\u3040-\u30ff\uac00-\ud7af]")
_JOINTS = re.compile(r"[-'.·・,/]+")
DOUBLE = frozenset(
    [
        *("欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟", "东方", "夏侯", "公孙", "慕容", "长孙", "宇文", "司徒"),
        *("令狐", "欧陽", "司馬", "諸葛", "尉遲", "東方"),
    ]
)
# Readings that differ from the usual one in a family name, the usual one after it.
FAMILY = {
    **{"曾": "zeng", "单": "shan dan", "單": "shan dan", "仇": "qiu chou", "解": "xie jie", "查": "zha cha"},
    **{"区": "ou qu", "區": "ou qu", "任": "ren", "华": "hua", "盖": "ge gai", "朴": "piao pu", "覃": "qin tan"},
    **{"翟": "zhai di", "冼": "xian", "宓": "mi fu", "缪": "miao mou", "黑": "he hei", "秘": "bi mi", "员": "yun yuan"},
    **{
        "繁": "po fan",
        "重": "chong zhong",
        "乐": "yue le",
        "尉": "wei yu",
        "种": "chong zhong",
        "那": "na",
        "折": "she zhe",
    },
}
GIVEN = {
    **{"乐": "le yue", "樂": "le yue", "重": "zhong chong", "朝": "chao zhao", "行": "xing hang", "长": "chang zhang"},
    **{"盛": "sheng cheng", "茜": "qian xi", "调": "diao tiao", "曾": "zeng ceng", "好": "hao", "还": "huan hai"},
}
_MOST_READINGS = 4


def fold(text: str) -> str:
    """Small letters without accents, one space between words; signs of other scripts stay."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(unicodedata.normalize("NFC", plain).split())


def forms(family: str, given: str) -> list[str]:
    """Every word under which this name is found, the family name's first."""
    if HAN.search(family + given):
        family, given = apart(family, given)
    found = [*spelt(family), *spoken(family, FAMILY), *spelt(given), *spoken(given, GIVEN)]
    return _once([*found, *_together(family, given), *_initials(family, given)])


def apart(family: str, given: str) -> tuple[str, str]:
    """Family and given name; those written in one field are parted after the family name's one or two signs."""
    whole = fold(family).replace(" ", "")
    if given.strip() or not all(HAN.match(sign) for sign in whole) or len(whole) < 2:
        return family, given
    at = 2 if whole[:2] in DOUBLE and len(whole) > 2 else 1
    return whole[:at], whole[at:]


def spelt(name: str) -> list[str]:
    """The name as it is written: whole words, their parts, without joints, and with ä written out as ae."""
    written_out = unicodedata.normalize("NFC", name).casefold().translate(_WRITTEN_OUT)
    words = _once([*fold(name).split(), *fold(written_out).split()])
    return [part for word in words for part in (word, _JOINTS.sub("", word), *_JOINTS.split(word)) if part]


def spoken(name: str, special: dict[str, str]) -> list[str]:
    """Its Chinese signs in pinyin: run together in each reading, then by syllable."""
    signs = HAN.findall(name)
    if not signs:
        return []
    together = ["".join(way) for way in _ways(signs, special)]
    return [*together, *(syllable for sign in signs for syllable in syllables(sign, special))]


def _ways(signs: list[str], special: dict[str, str]) -> list[tuple[str, ...]]:
    return list(product(*(syllables(sign, special) for sign in signs)))[:_MOST_READINGS]


def syllables(sign: str, special: dict[str, str]) -> tuple[str, ...]:
    """The readings of one sign; ü is typed as v, u or yu."""
    read = special[sign].split() if sign in special else [_usual(sign)]
    return tuple(_once(way for one in read for way in (one, one.replace("v", "u"), one.replace("v", "yu"))))


@lru_cache(30_000)
def _usual(sign: str) -> str:
    read: str = lazy_pinyin(sign, style=Style.NORMAL)[0]
    return fold(read)


def _together(family: str, given: str) -> list[str]:
    """Both names run together, in both orders, as written and in pinyin."""
    one, two = _bare(family), _bare(given)
    if not one or not two:
        return []
    said = [first + second for first in _said(family, FAMILY) for second in _said(given, GIVEN)]
    return [one + two, *([] if HAN.search(family + given) else [two + one]), *said[:_MOST_READINGS]]


def _bare(name: str) -> str:
    return _JOINTS.sub("", fold(name)).replace(" ", "")


def _said(name: str, special: dict[str, str]) -> list[str]:
    """A name as it is said; one without Chinese signs as it is written."""
    signs = HAN.findall(name)
    return ["".join(way) for way in _ways(signs, special)] if signs else [_bare(name)]


def _initials(family: str, given: str) -> list[str]:
    if not HAN.search(family + given):
        return []
    firsts = [*((sign, FAMILY) for sign in HAN.findall(family)), *((sign, GIVEN) for sign in HAN.findall(given))]
    return ["".join(way) for way in list(product(*(_firsts(*one) for one in firsts)))[:_MOST_READINGS]]


def _firsts(sign: str, special: dict[str, str]) -> list[str]:
    return _once(syllable[0] for syllable in syllables(sign, special) if syllable)


def sort_key(family: str, given: str) -> str:
    """Where a name stands in a list: folded, Chinese signs by their first reading."""
    family, given = apart(family, given) if HAN.search(family) else (family, given)
    return f"{_sorted(family, FAMILY)} {_sorted(given, GIVEN)}".strip()[:200]


def _sorted(name: str, special: dict[str, str]) -> str:
    return fold("".join(syllables(sign, special)[0] if HAN.match(sign) else sign for sign in name))


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
