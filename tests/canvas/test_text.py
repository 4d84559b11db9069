import pytest

from parcours.canvas.text import Run, as_html, as_plain, runs


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Plain & <b>not bold</b>", "<p>Plain &amp; &lt;b&gt;not bold&lt;/b&gt;</p>"),
        ("**bold** and *italic*", "<p><strong>bold</strong> and <em>italic</em></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("2. two\n3. three", '<ol start="2">\n<li>two</li>\n<li>three</li>\n</ol>'),
        (
            "[the guide](https://shop.example/guide)",
            '<p><a href="https://shop.example/guide" rel="noopener noreferrer">the guide</a></p>',
        ),
        ("# not a heading", "<p># not a heading</p>"),
        ("", ""),
    ],
)
def test_few_marks_become_few_elements(text: str, html: str) -> None:
    assert as_html(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](data:text/html,hello)",
        "[x](/relative)",
        "![x](https://shop.example/pixel.png)",
        "<script>alert(1)</script>",
        '<a href="https://x.example" onclick="x()">x</a>',
    ],
)
def test_nothing_else_gets_through(text: str) -> None:
    html = as_html(text)
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert 'href="/' not in html
    assert "<a href" not in html or 'href="https://shop.example/pixel.png"' in html


def test_words_alone_keep_lists_and_addresses() -> None:
    text = "**Ask** [here](https://shop.example)\n\n- one\n- two\n\n1. first\n2. second"
    assert as_plain(text) == "Ask here (https://shop.example)\n• one\n• two\n1. first\n2. second"


def test_slides_get_runs_of_words_that_look_the_same() -> None:
    [line] = runs("a **b *c*** [d](mailto:x@y.example)")
    assert line.runs == (
        Run("a "),
        Run("b ", bold=True),
        Run("c", bold=True, italic=True),
        Run(" "),
        Run("d", href="mailto:x@y.example"),
    )
