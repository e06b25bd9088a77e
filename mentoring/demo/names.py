"""Invented names. Real registers hold homonyms, 「·」 and rare characters, so these do too."""

from __future__ import annotations

from mentoring.demo.chance import Chance

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏"
    "吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
    "单解仇褚俞费凌施盛钮闵臧嵇"
)
_COMMON = 48  # the first so many surnames are borne by most people
_DOUBLE = ("欧阳", "上官", "司马", "诸葛")
_MALE = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢东建国志海峰云山松柏毅恒"
_FEMALE = "芳娜敏静丽艳娟霞秀燕玲桂英莉萍红玉洁梅琳雪慧颖倩婷佳怡欣悦瑶蕾薇晨月兰菊春秋巧美娥"
_EITHER = "文子嘉晓思雨天一志安宇泽梓诗若乐清和"
_RARE = ("沈㛃", "李𬱖", "陈𠮷", "王䶮", "周玥𫖯", "徐赟昶")
_LONG = (
    ("阿依古丽·买买提", "05", "2"),
    ("古丽娜尔·阿不都热合曼", "05", "2"),
    ("艾力·吐尔逊", "05", "1"),
    ("叶尔江·哈布力", "17", "1"),
    ("扎西·多吉", "04", "1"),
)
# The people of published reports are entered apart, with their published facts only.
PUBLISHED = {"褚雪松", "马晔", "曹水庆", "王桢", "黄际来", "马新生", "宋生娥", "姚元元"}


def person(chance: Chance, number: int) -> tuple[str, str, str]:
    """Name, ethnicity (GB/T 3304) and gender (GB/T 2261.1) of the person of that number."""
    if number % 700 == 350:
        return chance.choice(_LONG)
    gender = chance.choice("112") if number % 3 else chance.choice("12")
    if number % 500 == 250:
        return chance.choice(_RARE), "01", gender
    while True:
        name = _surname(chance) + _given(chance, gender)
        if name not in PUBLISHED:
            return (
                name,
                "01" if chance.random() < 0.985 else chance.choice(["11", "22", "03"]),
                gender,
            )


def _surname(chance: Chance) -> str:
    roll = chance.random()
    if roll < 0.75:
        return chance.choice(_SURNAMES[:_COMMON])
    return chance.choice(_SURNAMES) if roll < 0.985 else chance.choice(_DOUBLE)


def _given(chance: Chance, gender: str) -> str:
    letters = _MALE if gender == "1" else _FEMALE
    if chance.random() < 0.3:
        return chance.choice(letters)
    return chance.choice(_EITHER if chance.random() < 0.5 else letters) + chance.choice(letters)
