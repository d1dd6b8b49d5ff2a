"""forums and discussions."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guest",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("joined_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("unreachable_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_guest_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_guest_telegram_id")),
    )
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.create_index("ix_guest_organisation_id", ["organisation_id"], unique=False)

    op.create_table(
        "discussion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cohort_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("grouping", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("who", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("writing_minutes", sa.Integer(), nullable=False),
        sa.Column("merging_minutes", sa.Integer(), nullable=False),
        sa.Column("voting_minutes", sa.Integer(), nullable=False),
        sa.Column("causes_minutes", sa.Integer(), nullable=False),
        sa.Column("minutes_minutes", sa.Integer(), nullable=False),
        sa.Column("seed", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("announced_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_discussion_activity_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_discussion_cohort_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_discussion_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion")),
    )
    with op.batch_alter_table("discussion", schema=None) as batch_op:
        batch_op.create_index("ix_discussion_activity_id", ["activity_id"], unique=False)
        batch_op.create_index("ix_discussion_cohort_id", ["cohort_id"], unique=False)
        batch_op.create_index("ix_discussion_status", ["status"], unique=False)

    op.create_table(
        "forum_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cohort_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("template", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("audience", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("choice", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("answer_minutes", sa.Integer(), nullable=False),
        sa.Column("opens_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closes_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("announced_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("settled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("day_told_for", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("hour_told_for", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("visitors_thanked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("told", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_forum_call_window")),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_forum_call_activity_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_forum_call_cohort_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_forum_call_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_call")),
    )
    with op.batch_alter_table("forum_call", schema=None) as batch_op:
        batch_op.create_index("ix_forum_call_activity_id", ["activity_id"], unique=False)
        batch_op.create_index("ix_forum_call_cohort_id", ["cohort_id"], unique=False)
        batch_op.create_index("ix_forum_call_status_closes_at", ["status", "closes_at"], unique=False)

    op.create_table(
        "discussion_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("discussion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("stage", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("stage_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("nudged_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("leader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("leader_confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("recorder_confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("is_edited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["discussion_id"], ["discussion.id"], name=op.f("fk_discussion_group_discussion_id")),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_discussion_group_leader_id")),
        sa.ForeignKeyConstraint(["recorder_id"], ["person.id"], name=op.f("fk_discussion_group_recorder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_group")),
        sa.UniqueConstraint("discussion_id", "number", name=op.f("uq_discussion_group_discussion_id_number")),
    )
    with op.batch_alter_table("discussion_group", schema=None) as batch_op:
        batch_op.create_index("ix_discussion_group_stage_nudged_at", ["stage", "nudged_at"], unique=False)

    op.create_table(
        "discussion_question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("discussion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_discussion_question_discussion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_question")),
        sa.UniqueConstraint("discussion_id", "position", name=op.f("uq_discussion_question_discussion_id_position")),
    )
    op.create_table(
        "forum_asked",
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "telegram_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["forum_call.id"], name=op.f("fk_forum_asked_call_id")),
        sa.PrimaryKeyConstraint("call_id", "telegram_id", name=op.f("pk_forum_asked")),
    )
    op.create_table(
        "forum_draft",
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "telegram_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("moved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["forum_call.id"], name=op.f("fk_forum_draft_call_id")),
        sa.PrimaryKeyConstraint("call_id", "telegram_id", name=op.f("pk_forum_draft")),
    )
    with op.batch_alter_table("forum_draft", schema=None) as batch_op:
        batch_op.create_index("ix_forum_draft_moved_at", ["moved_at"], unique=False)

    op.create_table(
        "forum_draw",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seed", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("drawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("drawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["forum_call.id"], name=op.f("fk_forum_draw_call_id")),
        sa.ForeignKeyConstraint(["drawn_by"], ["person.id"], name=op.f("fk_forum_draw_drawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_draw")),
    )
    with op.batch_alter_table("forum_draw", schema=None) as batch_op:
        batch_op.create_index("ix_forum_draw_call_id", ["call_id"], unique=False)

    op.create_table(
        "forum_pool",
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("part", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name=op.f("ck_forum_pool_taken")),
        sa.CheckConstraint("wanted >= 0 AND wanted <= capacity", name=op.f("ck_forum_pool_wanted")),
        sa.ForeignKeyConstraint(["call_id"], ["forum_call.id"], name=op.f("fk_forum_pool_call_id")),
        sa.PrimaryKeyConstraint("call_id", "part", name=op.f("pk_forum_pool")),
    )
    op.create_table(
        "forum_topic",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["forum_call.id"], name=op.f("fk_forum_topic_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_topic")),
        sa.UniqueConstraint("call_id", "position", name=op.f("uq_forum_topic_call_id_position")),
    )
    op.create_table(
        "discussion_minute",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entry", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dots", sa.Integer(), nullable=False),
        sa.Column("is_top", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["discussion_group.id"], name=op.f("fk_discussion_minute_group_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["discussion_question.id"], name=op.f("fk_discussion_minute_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_minute")),
    )
    with op.batch_alter_table("discussion_minute", schema=None) as batch_op:
        batch_op.create_index("ix_discussion_minute_group_id_position", ["group_id", "position"], unique=False)

    op.create_table(
        "discussion_point",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["discussion_group.id"], name=op.f("fk_discussion_point_group_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["discussion_question.id"], name=op.f("fk_discussion_point_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_point")),
        sa.UniqueConstraint(
            "group_id", "question_id", "number", name=op.f("uq_discussion_point_group_id_question_id_number")
        ),
    )
    op.create_table(
        "discussion_seat",
        sa.Column(
            "discussion_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("may_name", sa.Boolean(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("screen", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at_home", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["discussion_id"], ["discussion.id"], name=op.f("fk_discussion_seat_discussion_id")),
        sa.ForeignKeyConstraint(["group_id"], ["discussion_group.id"], name=op.f("fk_discussion_seat_group_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_discussion_seat_person_id")),
        sa.PrimaryKeyConstraint("discussion_id", "person_id", name=op.f("pk_discussion_seat")),
    )
    with op.batch_alter_table("discussion_seat", schema=None) as batch_op:
        batch_op.create_index("ix_discussion_seat_group_id", ["group_id"], unique=False)
        batch_op.create_index("ix_discussion_seat_person_id", ["person_id"], unique=False)

    op.create_table(
        "forum_signup",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("part", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("outline", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("slides_file_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("slides_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("slides_size", sa.BigInteger(), nullable=True),
        sa.Column("slides_chat_id", sa.BigInteger(), nullable=True),
        sa.Column("slides_message_id", sa.BigInteger(), nullable=True),
        sa.Column("slides_kind", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("slides_chased_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("no_slides_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("may_name", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("mark", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("settled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("offered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("offer_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("arrived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("arrived_way", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) <> (guest_id IS NULL)", name=op.f("ck_forum_signup_who")),
        sa.ForeignKeyConstraint(["call_id"], ["forum_call.id"], name=op.f("fk_forum_signup_call_id")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_forum_signup_guest_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_forum_signup_person_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["forum_topic.id"], name=op.f("fk_forum_signup_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_signup")),
        sa.UniqueConstraint("call_id", "guest_id", name=op.f("uq_forum_signup_call_id_guest_id")),
        sa.UniqueConstraint("call_id", "person_id", name=op.f("uq_forum_signup_call_id_person_id")),
    )
    with op.batch_alter_table("forum_signup", schema=None) as batch_op:
        batch_op.create_index(
            "ix_forum_signup_call_id_part_status_rank", ["call_id", "part", "status", "rank"], unique=False
        )
        batch_op.create_index("ix_forum_signup_guest_id", ["guest_id"], unique=False)
        batch_op.create_index("ix_forum_signup_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_forum_signup_status_offer_until", ["status", "offer_until"], unique=False)

    op.create_table(
        "discussion_dot",
        sa.Column(
            "point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_discussion_dot_person_id")),
        sa.ForeignKeyConstraint(["point_id"], ["discussion_point.id"], name=op.f("fk_discussion_dot_point_id")),
        sa.PrimaryKeyConstraint("point_id", "person_id", name=op.f("pk_discussion_dot")),
    )
    with op.batch_alter_table("discussion_dot", schema=None) as batch_op:
        batch_op.create_index("ix_discussion_dot_person_id", ["person_id"], unique=False)

    op.create_table(
        "discussion_finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_discussion_finding_person_id")),
        sa.ForeignKeyConstraint(["point_id"], ["discussion_point.id"], name=op.f("fk_discussion_finding_point_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_finding")),
    )
    with op.batch_alter_table("discussion_finding", schema=None) as batch_op:
        batch_op.create_index("ix_discussion_finding_point_id", ["point_id"], unique=False)

    op.create_table(
        "discussion_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["discussion_group.id"], name=op.f("fk_discussion_note_group_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_discussion_note_person_id")),
        sa.ForeignKeyConstraint(["point_id"], ["discussion_point.id"], name=op.f("fk_discussion_note_point_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["discussion_question.id"], name=op.f("fk_discussion_note_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_note")),
    )
    with op.batch_alter_table("discussion_note", schema=None) as batch_op:
        batch_op.create_index("ix_discussion_note_group_id_question_id", ["group_id", "question_id"], unique=False)
        batch_op.create_index("ix_discussion_note_point_id", ["point_id"], unique=False)

    op.create_table(
        "forum_slot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("is_speech", sa.Boolean(), nullable=False),
        sa.Column("signup_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("began_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("done_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("skipped_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("results_told_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["forum_call.id"], name=op.f("fk_forum_slot_call_id")),
        sa.ForeignKeyConstraint(["signup_id"], ["forum_signup.id"], name=op.f("fk_forum_slot_signup_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_slot")),
        sa.UniqueConstraint("signup_id", name=op.f("uq_forum_slot_signup_id")),
    )
    with op.batch_alter_table("forum_slot", schema=None) as batch_op:
        batch_op.create_index("ix_forum_slot_call_id_position", ["call_id", "position"], unique=False)

    op.create_table(
        "forum_speaker_reminder",
        sa.Column(
            "signup_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("minutes", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("settled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["signup_id"], ["forum_signup.id"], name=op.f("fk_forum_speaker_reminder_signup_id")),
        sa.PrimaryKeyConstraint("signup_id", "minutes", name=op.f("pk_forum_speaker_reminder")),
    )
    op.create_table(
        "forum_speaker_time",
        sa.Column(
            "signup_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("next_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["signup_id"], ["forum_signup.id"], name=op.f("fk_forum_speaker_time_signup_id")),
        sa.PrimaryKeyConstraint("signup_id", name=op.f("pk_forum_speaker_time")),
    )
    op.create_table(
        "forum_turn",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signup_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("spoke_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["forum_call.id"], name=op.f("fk_forum_turn_call_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_forum_turn_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_forum_turn_person_id")),
        sa.ForeignKeyConstraint(["signup_id"], ["forum_signup.id"], name=op.f("fk_forum_turn_signup_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_turn")),
        sa.UniqueConstraint("signup_id", name=op.f("uq_forum_turn_signup_id")),
    )
    with op.batch_alter_table("forum_turn", schema=None) as batch_op:
        batch_op.create_index("ix_forum_turn_organisation_id_unit", ["organisation_id", "unit"], unique=False)
        batch_op.create_index("ix_forum_turn_person_id", ["person_id"], unique=False)

    op.create_table(
        "forum_feedback",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["slot_id"], ["forum_slot.id"], name=op.f("fk_forum_feedback_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_feedback")),
    )
    with op.batch_alter_table("forum_feedback", schema=None) as batch_op:
        batch_op.create_index("ix_forum_feedback_slot_id", ["slot_id"], unique=False)

    op.create_table(
        "forum_feedback_given",
        sa.Column("slot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "telegram_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("part", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["slot_id"], ["forum_slot.id"], name=op.f("fk_forum_feedback_given_slot_id")),
        sa.PrimaryKeyConstraint("slot_id", "telegram_id", "part", name=op.f("pk_forum_feedback_given")),
    )
    op.create_table(
        "forum_feedback_tally",
        sa.Column("slot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("part", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["slot_id"], ["forum_slot.id"], name=op.f("fk_forum_feedback_tally_slot_id")),
        sa.PrimaryKeyConstraint("slot_id", "part", name=op.f("pk_forum_feedback_tally")),
    )
    op.create_table(
        "forum_invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_set_aside", sa.Boolean(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("post", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("answer_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("invited_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invited_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signup_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("opened_by", sa.BigInteger(), nullable=True),
        sa.Column("held_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reminded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("thanked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["forum_call.id"], name=op.f("fk_forum_invitation_call_id")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_forum_invitation_guest_id")),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"], name=op.f("fk_forum_invitation_invited_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_forum_invitation_person_id")),
        sa.ForeignKeyConstraint(["signup_id"], ["forum_signup.id"], name=op.f("fk_forum_invitation_signup_id")),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["forum_slot.id"], name=op.f("fk_forum_invitation_slot_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_invitation")),
    )
    with op.batch_alter_table("forum_invitation", schema=None) as batch_op:
        batch_op.create_index("ix_forum_invitation_call_id", ["call_id"], unique=False)
        batch_op.create_index("ix_forum_invitation_status_answer_until", ["status", "answer_until"], unique=False)

    op.create_table(
        "forum_question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["forum_call.id"], name=op.f("fk_forum_question_call_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["forum_slot.id"], name=op.f("fk_forum_question_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_question")),
    )
    with op.batch_alter_table("forum_question", schema=None) as batch_op:
        batch_op.create_index("ix_forum_question_call_id_status", ["call_id", "status"], unique=False)

    op.create_table(
        "forum_stage",
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("slot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("warned_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("rung_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("extra", sa.Integer(), nullable=False),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("keeper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("panel_chat_id", sa.BigInteger(), nullable=True),
        sa.Column("panel_message_id", sa.BigInteger(), nullable=True),
        sa.Column("questions_shown", sa.Integer(), nullable=False),
        sa.Column("over_shown", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["forum_call.id"], name=op.f("fk_forum_stage_call_id")),
        sa.ForeignKeyConstraint(["keeper_id"], ["person.id"], name=op.f("fk_forum_stage_keeper_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["forum_slot.id"], name=op.f("fk_forum_stage_slot_id")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_forum_stage")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("corrected_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
