"""What the columns of a timetable go by. Words only."""

from bot.sheets.headings import Vocabulary
from bot.timetable.sheet_shapes import Field

HEADINGS: Vocabulary = {
    Field.DATE: (
        "日期", "上课日期", "培训日期", "活动日期", "date", "day",
    ),
    Field.START: (
        "开始时间", "起始时间", "开始", "start", "starttime", "starts", "startsat", "from", "begin", "begins",
    ),
    Field.END: (
        "结束时间", "截止时间", "结束", "end", "endtime", "ends", "endsat", "to", "until", "finish",
    ),
    Field.TIME: (
        "起止时间", "时间段", "时间", "上课时间", "培训时间", "活动时间", "时段", "time", "times", "timeslot",
    ),
    Field.KIND: (
        "类型", "课程类型", "类别", "课程类别", "形式", "教学形式", "kind", "type", "category", "format",
    ),
    Field.TITLE: (
        "课程名称", "课程", "课程内容", "内容", "培训内容", "教学内容", "学习内容", "活动内容", "活动名称",
        "活动", "课题", "主题", "课程主题", "题目", "title", "topic", "subject", "activity", "course",
        "content", "session",
    ),
    Field.SPEAKER: (
        "主讲人", "主讲", "主持人", "授课教师", "授课老师", "授课人", "任课教师", "讲师", "教师", "老师",
        "主讲老师", "speaker", "teacher", "lecturer", "host", "trainer", "instructor", "presenter", "moderator",
    ),
    Field.PLACE: (
        "地点", "上课地点", "培训地点", "活动地点", "教室", "场地", "地址", "place", "room", "venue",
        "location", "where", "classroom",
    ),
    Field.NOTES: (
        "备注", "要求", "注意事项", "说明", "notes", "note", "remarks", "remark", "requirements", "bring",
    ),
}
