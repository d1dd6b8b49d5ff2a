import pytest

from bot.web.language import accepted_language, choose_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"), ("", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,en;q=0.9,zh;q=0.1", "en"),
        ("fr,zh;q=0.5", "zh"), ("en;q=0.2, zh-Hant;q=0.7", "zh"), ("fr-FR", "en"), ("zh;q=0", "en"),
        ("zh;q=banana, en", "en"), ("*" * 10_000, "en"), (",".join(["fr"] * 1000) + ",zh", "en"),
    ],
)  # fmt: skip
def test_the_browsers_languages_are_taken_in_its_order(header: str | None, language: str) -> None:
    assert accepted_language(header) == language


@pytest.mark.parametrize(("asked", "language"), [("en", "en"), ("zh", "zh"), (None, "zh"), ("fr", "zh"), ("../", "zh")])
def test_a_language_asked_for_counts_if_it_is_one_of_ours(asked: str | None, language: str) -> None:
    assert choose_language(asked, "zh") == language
