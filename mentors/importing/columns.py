"""The columns of rosters of people. Headings and example words are Chinese data."""

from __future__ import annotations

from rosters.kinds import Column

NAME = Column("name", "姓名", True, ("名字", "干部姓名", "人员姓名"))
ID_NUMBER = Column(
    "id_number", "身份证号",
    aliases=("身份证", "身份证号码", "公民身份号码", "居民身份证号码", "公民身份证号码"),
    covers=("birth_month", "gender"),
)  # fmt: skip
UNIT = Column("unit", "单位", True, ("工作单位", "所在单位", "单位名称", "现工作单位", "任职单位"))
TITLE = Column("title", "职务", aliases=("现任职务", "职务名称", "现职务"))
UNIT_AND_TITLE = Column(
    "unit_and_title", "单位及职务",
    aliases=(
        "工作单位及职务", "单位职务", "现工作单位及职务", "所在单位及职务", "任职单位及职务",
        "现任单位及职务", "工作单位及现任职务", "单位及现任职务", "单位和职务", "工作单位职务",
    ),
    covers=("unit", "title"),
)  # fmt: skip
BIRTH_MONTH = Column(
    "birth_month", "出生年月", True,
    ("出生日期", "出生时间", "出生年月(岁)", "出生年月日", "出生年月(年龄)", "出生年月(周岁)"),
)  # fmt: skip
MENTOR_CATEGORY = Column("mentor_category", "导师类型", aliases=("导师类别",))
STRENGTHS = Column("strengths", "导师专长", aliases=("专长", "擅长领域", "帮带专长", "特长"))
CAPACITY = Column("capacity", "帮带名额", aliases=("名额", "帮带人数上限"))

CADRES = (
    NAME,
    Column("gender", "性别", True),
    BIRTH_MONTH,
    Column("ethnicity", "民族"),
    ID_NUMBER,
    Column("political_status", "政治面貌"),
    Column(
        "party_month", "入党时间",
        aliases=("入党年月", "入党日期", "加入中共时间", "加入中国共产党时间"),
    ),
    Column(
        "education", "全日制学历",
        aliases=("全日制教育", "全日制教育学历", "全日制教育学历学位", "全日制学历学位"),
    ),
    Column(
        "later_education", "在职学历",
        aliases=("在职教育", "在职教育学历", "在职教育学历学位", "在职学历学位"),
    ),
    Column("is_party_school", "是否党校学历", aliases=("党校学历", "在职学历是否党校")),
    Column(
        "work_month", "参加工作时间",
        aliases=("参加工作年月", "工作时间", "参工时间", "参加工作日期"),
    ),
    UNIT,
    TITLE,
    UNIT_AND_TITLE,
    Column("staffing", "人员类别", aliases=("人员类型", "编制类型", "编制性质")),
    Column(
        "phone", "手机号",
        aliases=("手机", "手机号码", "联系电话", "联系方式", "电话", "移动电话"),
    ),
    MENTOR_CATEGORY,
    STRENGTHS,
    CAPACITY,
    Column("mentee_category", "帮带对象类别", aliases=("帮带对象类型",)),
    Column("should_pair", "应否结对", aliases=("是否应结对", "是否结对", "应结对")),
)  # fmt: skip

MENTORS = (
    NAME,
    ID_NUMBER._replace(covers=("birth_month",)),
    BIRTH_MONTH._replace(is_required=False),
    UNIT,
    UNIT_AND_TITLE._replace(covers=("unit",)),
    MENTOR_CATEGORY._replace(is_required=True),
    STRENGTHS,
    CAPACITY,
    Column("from_on", "聘任日期", aliases=("聘任时间", "聘期起", "受聘日期", "聘任起始日期")),
    Column("term_to_on", "聘期至", aliases=("聘期止", "聘任截止日期", "聘期届满日期", "到期日期")),
)
