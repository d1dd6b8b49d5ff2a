import pytest

from bot.sandbox.links import WrongLink, check_link


@pytest.mark.parametrize(
    ("link", "stored"),
    [
        ("example.org", "http://example.org/"),
        ("HTTPS://Example.org/Docs?page=1", "https://example.org/Docs?page=1"),
        ("https://t.me/camp_bot?start=A_1", "https://t.me/camp_bot?start=A_1"),
        ("http://127.0.0.1:8080/show", "http://127.0.0.1:8080/show"),
        ("tg://user?id=7", "tg://user?id=7"),
    ],
)
def test_a_good_link_is_stored_in_its_normal_form(link: str, stored: str) -> None:
    assert check_link(link) == stored


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("http://localhost/", "Wrong HTTP URL"),
        ("camp", "Wrong HTTP URL"),
        ("", "Wrong HTTP URL"),
        ("http://[::1", "Wrong HTTP URL"),
        ("ftp://example.org", "Unsupported URL protocol"),
    ],
)
def test_a_wrong_link_is_refused(link: str, reason: str) -> None:
    with pytest.raises(WrongLink, match=reason):
        check_link(link)
