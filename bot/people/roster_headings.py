"""What the columns of a roster go by. Words only."""

from bot.people.roster_shapes import Field
from bot.sheets.headings import Vocabulary

OTHER = "other"

HEADINGS: Vocabulary = {
    Field.NAME: (
        "姓名", "学员姓名", "人员姓名", "参训人员姓名", "名字", "学员", "参训人员", "name", "fullname",
        "participant", "participantname", "trainee", "traineename",
    ),
    Field.PHONE: (
        "手机号", "手机号码", "手机", "移动电话", "联系手机", "联系电话", "电话号码", "电话", "联系方式",
        "mobile", "mobilephone", "mobilenumber", "mobileno", "phone", "phonenumber", "phoneno", "cellphone",
        "cell", "telephone", "tel", "telno", "contactnumber",
    ),
    Field.UNIT: (
        "所属社区", "单位", "工作单位", "所在单位", "所属单位", "现工作单位", "单位名称", "所在社区", "社区",
        "社区名称", "部门", "所在部门", "unit", "workunit", "organisation", "organization", "community",
        "employer", "company", "department",
    ),
    Field.GROUP: (
        "组别", "小组", "分组", "所在小组", "所属小组", "组号", "组", "group", "groupno", "team",
    ),
    Field.POST: (
        "职务", "现任职务", "岗位", "职位", "工作岗位", "post", "position", "jobtitle", "title",
    ),
    Field.NOTES: (
        "备注", "说明", "notes", "note", "remarks", "remark", "comments",
    ),
    OTHER: (
        "序号", "编号", "no", "#", "number", "serialno", "性别", "sex", "gender", "年龄", "age", "街道",
        "所属街道", "身份证号", "身份证号码", "民族", "学历", "政治面貌", "street", "email", "邮箱",
    ),
}
"""Field -> headings; under `other` those that help to know a row of headings and are not kept."""
