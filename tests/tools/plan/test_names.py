import pytest
from hypothesis import given
from hypothesis import strategies as st

from rockets_tools.plan import names


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("blog_post", ("blog", "post")),
        ("BlogPost", ("blog", "post")),
        ("blogPost", ("blog", "post")),
        ("BLOG_POST", ("blog", "post")),
        ("HTMLPage", ("html", "page")),
        ("userID", ("user", "id")),
        ("userIDs", ("user", "ids")),
        ("ofCTNsSold", ("of", "ctns", "sold")),
        ("page2", ("page2",)),
        ("V2Api", ("v2", "api")),
        ("OAuth2", ("o", "auth2")),
        ("HTML5Page", ("html5", "page")),
        ("A", ("a",)),
        ("A0A", ("a0a",)),
        ("A1b", ("a1b",)),
    ],
)
def test_words(written: str, words: tuple[str, ...]) -> None:
    assert names.words(written) == words


def test_exact_names_stay() -> None:
    assert names.pascal("AB") == "Ab"
    assert names.pascal("AB", exact=True) == "AB"
    assert names.camel("xYZ", exact=True) == "xYZ"
    assert names.pascal("blog_post", exact=True) == "BlogPost"
    assert names.entity_name("ABEntity", exact=True) == "AB"


WORDS = st.lists(st.from_regex(r"[a-z]{2}[a-z0-9]{0,5}", fullmatch=True), min_size=1, max_size=4)


@given(WORDS)
def test_every_spelling_is_the_same_name(words: list[str]) -> None:
    spellings = {
        "_".join(words),
        "-".join(words),
        " ".join(words),
        "_".join(words).upper(),
        names.camel("-".join(words)),
        names.pascal("-".join(words)),
    }
    assert all(names.is_name(spelling) for spelling in spellings)
    assert len({names.key(spelling) for spelling in spellings}) == 1
    assert len({names.pascal(spelling) for spelling in spellings}) == 1


@given(st.text(max_size=30))
def test_a_name_is_safe_as_file_identifier_and_route(text: str) -> None:
    if names.is_name(text):
        assert names.pascal(text).isidentifier()
        assert names.kebab(text).replace("-", "").isalnum()
        assert names.kebab(text).isascii()
        assert names.plural(text).isascii()
