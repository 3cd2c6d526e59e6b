"""Marks of what people wrote: bookmarks whose names are the same in every build."""

from __future__ import annotations

from markupsafe import Markup

from builder.rendering import bookmarks
from builder.rendering.bookmarks import unmarked
from builder.rendering.marks import Written, bookmark_name, digest, marked_blocks, marked_part
from builder.rendering.printing import printed

LOOK = "<w:rPr><w:b/></w:rPr>"
T = '<w:t xml:space="preserve">'


def bookmarked(xml: str, after_id: int) -> str:
    return b"".join(bookmarks.bookmarked([xml.encode()], after_id)).decode()


def pair(number: int, key: str, text: str, times: str = "") -> tuple[str, str]:
    start = f'<w:bookmarkStart w:id="{number}" w:name="{bookmark_name(key)}_{digest(text)}{times}"/>'
    return start, f'<w:bookmarkEnd w:id="{number}"/>'


def test_a_written_text_is_a_run_of_its_own_between_two_bookmarks() -> None:
    source = f"<w:p><w:r>{LOOK}<w:t>前{printed(Written('甲 & 乙', '说明/甲'))}后</w:t></w:r></w:p>"
    start, end = pair(8, "说明/甲", "甲&乙")
    run = f"<w:r>{LOOK}{T}"
    assert bookmarked(source, 7) == (
        f"<w:p><w:r>{LOOK}<w:t>前</w:t></w:r>{start}{run}甲 &amp; 乙</w:t></w:r>{end}{run}后</w:t></w:r></w:p>"
    )


def test_no_empty_run_is_left_beside_a_written_text_and_a_line_break_stays_inside() -> None:
    text = printed(Written("甲\n乙", "k"))
    source = f"<w:p><w:r>{T}{text}</w:t></w:r></w:p>"
    start, end = pair(1, "k", "甲乙")
    inner = f"{T}甲</w:t><w:br/>{T}乙</w:t>"
    assert bookmarked(source, 0) == f"<w:p>{start}<w:r>{inner}</w:r>{end}</w:p>"


def test_two_texts_in_one_run_and_the_same_text_twice() -> None:
    twice = printed(Written("甲", "k"))
    made = bookmarked(f"<w:r><w:t>{twice}，{twice}</w:t></w:r>", 0)
    first, second = pair(1, "k", "甲"), pair(2, "k", "甲", "_2")
    run = f"<w:r>{T}甲</w:t></w:r>"
    assert made == f"{first[0]}{run}{first[1]}<w:r>{T}，</w:t></w:r>{second[0]}{run}{second[1]}"


def test_characters_of_the_form_as_rare_as_signs_stay() -> None:
    rare, text = "\U00100000", printed(Written("甲", "k"))
    start, end = pair(1, "k", "甲")
    made = bookmarked(f"{rare}<w:r><w:t>{rare}{text}乙{rare}</w:t></w:r>{rare}", 0)
    around = (f"{rare}<w:r><w:t>{rare}</w:t></w:r>", f"<w:r>{T}乙{rare}</w:t></w:r>{rare}")
    assert made == f"{around[0]}{start}<w:r>{T}甲</w:t></w:r>{end}{around[1]}"
    assert unmarked(f"{rare}{text}{rare}".encode()).decode() == f"{rare}甲{rare}"


def test_only_the_writers_words_of_a_sentence_are_marked() -> None:
    sentence = marked_part("，主要原因是：人员增加。", "人员增加", "原因/支出.合计/较上年")
    made = bookmarked(f"<w:r><w:t>{printed(sentence)}</w:t></w:r>", 0)
    start, end = pair(1, "原因/支出.合计/较上年", "人员增加")
    assert f"{start}<w:r>{T}人员增加</w:t></w:r>{end}" in made
    assert unmarked(sentence.encode()).decode() == "，主要原因是：人员增加。"


def test_a_long_text_is_between_one_pair_over_all_its_paragraphs() -> None:
    text = Markup("<w:p><w:pPr><w:x/></w:pPr><w:r>1</w:r></w:p><w:p><w:pPr/><w:r>2</w:r></w:p>")
    start, end = pair(5, "长文/职责", "12")
    assert bookmarked(marked_blocks(text, "长文/职责"), 4) == (
        f"<w:p><w:pPr><w:x/></w:pPr>{start}<w:r>1</w:r></w:p><w:p><w:pPr/><w:r>2</w:r>{end}</w:p>"
    )


def test_names_are_hidden_and_short_enough_for_word() -> None:
    name = f"{bookmark_name('绩效/1基本医疗经办.yaml/主要产出和效益')}_{digest('按计划完成')}"
    assert name.startswith("_")
    assert len(name) <= 36  # Word allows 40; 「_12」 may follow


def test_a_name_tells_whether_the_text_was_edited_but_not_how_its_lines_are_broken() -> None:
    assert digest("按计划 完成\n") == digest("按计划完成")
    assert digest("按计划完成") != digest("未按计划完成")
