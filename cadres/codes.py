"""Code tables of the register, with the national codes as values and the offices' short forms.

Sources: GB/T 2261.1 (gender), GB/T 3304 (ethnicity), GB/T 4762 (political status), GB/T 4658
(education). 人员类别 has no national code; its values are ours.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Gender(models.TextChoices):
    MALE = "1", _("male")
    FEMALE = "2", _("female")


class PoliticalStatus(models.TextChoices):
    PARTY_MEMBER = "01", _("CPC member")
    PROBATIONARY = "02", _("probationary CPC member")
    LEAGUE_MEMBER = "03", _("Communist Youth League member")
    RCCK = "04", _("member of the RCCK")
    CDL = "05", _("member of the CDL")
    CDNCA = "06", _("member of the CDNCA")
    CAPD = "07", _("member of the CAPD")
    CPWDP = "08", _("member of the CPWDP")
    CZGP = "09", _("member of the CZGP")
    JIUSAN = "10", _("member of the Jiusan Society")
    TDSGL = "11", _("member of the TDSGL")
    INDEPENDENT = "12", _("personage without party affiliation")
    MASSES = "13", _("no party")


class Education(models.TextChoices):
    DOCTOR = "11", _("doctoral graduate")
    MASTER = "14", _("master's graduate")
    BACHELOR = "21", _("bachelor's graduate")
    COLLEGE = "31", _("junior college graduate")
    SECONDARY_VOCATIONAL = "41", _("secondary vocational")
    HIGH_SCHOOL = "61", _("senior high school")
    JUNIOR_HIGH = "71", _("junior high school")
    PRIMARY = "81", _("primary school")


# 「本科及以上」 counts 毕业 at these levels, the highest of full-time and in-service education.
BACHELOR_OR_MORE = (Education.DOCTOR, Education.MASTER, Education.BACHELOR)


class Staffing(models.TextChoices):
    CIVIL_SERVANT = "civil", _("civil servant")
    CIVIL_LIKE = "civil_like", _("managed like civil servants")
    INSTITUTION = "institution", _("public institution staff")
    WORKER = "worker", _("government worker")
    OFF_QUOTA = "off_quota", _("off-quota staff")
    VILLAGE = "village", _("village or community cadre")


# GB/T 3304-1991, in its order: codes 01 to 56.
_ETHNIC_NAMES = [
    "汉族",
    "蒙古族",
    "回族",
    "藏族",
    "维吾尔族",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克族",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "高山族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜族",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯族",
    "阿昌族",
    "普米族",
    "塔吉克族",
    "怒族",
    "乌孜别克族",
    "俄罗斯族",
    "鄂温克族",
    "德昂族",
    "保安族",
    "裕固族",
    "京族",
    "塔塔尔族",
    "独龙族",
    "鄂伦春族",
    "赫哲族",
    "门巴族",
    "珞巴族",
    "基诺族",
]
ETHNICITIES = tuple((f"{number:02d}", name) for number, name in enumerate(_ETHNIC_NAMES, 1))

GENDER_WORDS = {"男": "1", "女": "2", "男性": "1", "女性": "2", "1": "1", "2": "2"}
ETHNIC_WORDS = {name: code for code, name in ETHNICITIES} | {
    name.removesuffix("族"): code for code, name in ETHNICITIES
}
POLITICAL_WORDS = {
    "中共党员": "01", "党员": "01", "中国共产党党员": "01", "共产党员": "01",
    "中共预备党员": "02", "预备党员": "02",
    "共青团员": "03", "团员": "03",
    "民革党员": "04", "民革": "04", "民革会员": "04",
    "民盟盟员": "05", "民盟": "05",
    "民建会员": "06", "民建": "06",
    "民进会员": "07", "民进": "07",
    "农工党党员": "08", "农工党": "08", "农工民主党党员": "08",
    "致公党党员": "09", "致公党": "09",
    "九三学社社员": "10", "九三学社": "10", "九三": "10",
    "台盟盟员": "11", "台盟": "11",
    "无党派人士": "12", "无党派": "12", "无党派民主人士": "12",
    "群众": "13",
}  # fmt: skip
EDUCATION_WORDS = {
    "博士研究生": "11", "博士": "11", "博士研究生毕业": "11",
    "硕士研究生": "14", "硕士": "14", "研究生": "14", "硕士研究生毕业": "14",
    "大学本科": "21", "本科": "21", "大学": "21", "大学本科毕业": "21", "大学毕业": "21",
    "大学专科": "31", "大专": "31", "专科": "31", "大学专科毕业": "31", "大普": "31",
    "中专": "41", "中等专科": "41", "职高": "41", "技校": "41", "中技": "41", "中等职业": "41",
    "高中": "61", "普通高中": "61",
    "初中": "71",
    "小学": "81",
}  # fmt: skip
STAFFING_WORDS = {
    "行政": "civil", "公务员": "civil", "行政编制": "civil",
    "参公": "civil_like", "参照公务员管理": "civil_like", "参公编制": "civil_like",
    "事业": "institution", "事业编制": "institution", "事业人员": "institution",
    "工勤": "worker", "工勤人员": "worker",
    "编外": "off_quota", "编外人员": "off_quota",
    "村(社)干部": "village", "村（社）干部": "village", "村干部": "village",
    "社区干部": "village", "村社干部": "village",
}  # fmt: skip
