"""Names and numbers for simulated people.

The numbers have the form of Japanese ones but cannot exist: no subscriber number has a 0 after its area code, no mobile
number one after 090, 080 or 070.
"""

from __future__ import annotations

import random

_SURNAMES = (
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山崎 森 池田 橋本 "
    "阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 斉藤 福田 太田 西村 藤井 金子 岡本 中野"
)
_GIVEN = (
    "陽子 翔太 美咲 健一 由美 大輔 直美 拓也 恵子 誠 愛 和也 真理子 亮 さくら 浩二 舞 隆 千尋 学 明日香 徹 智子 剛 葵 悠斗 "
    "結衣 蓮 凛 湊 陽菜 樹 莉子 颯太 美月 大和 花音 隼人 優奈 海斗"
)
SURNAMES = tuple(_SURNAMES.split())
GIVEN = tuple(_GIVEN.split())
_LAND_LINES = (("03", 8), ("06", 8), ("011", 7), ("045", 7), ("052", 7), ("075", 7), ("082", 7), ("092", 7))
_MOBILES = ("090", "080", "070")


def person(rng: random.Random) -> str:
    """Surname and given name."""
    return f"{rng.choice(SURNAMES)} {rng.choice(GIVEN)}"


def caller_name(rng: random.Random) -> str:
    """What a carrier shows of a caller: mostly nothing but the number."""
    return person(rng) if rng.random() < 0.35 else ""


def number(rng: random.Random) -> str:
    """An outside number, land line or mobile, digits only."""
    if rng.random() < 0.6:
        return mobile(rng)
    area, rest = rng.choice(_LAND_LINES)
    return area + "0" + "".join(rng.choices("0123456789", k=rest - 1))


def mobile(rng: random.Random) -> str:
    """A mobile number, digits only."""
    return rng.choice(_MOBILES) + "0" + "".join(rng.choices("0123456789", k=7))
