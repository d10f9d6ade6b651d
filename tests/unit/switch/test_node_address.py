"""Addresses of switches: which are sound, and what is told of one that is not."""

from __future__ import annotations

import pytest

from fs_app.switch.session import NodeAddress


@pytest.mark.parametrize(
    ("text", "name", "host", "port", "user", "password"),
    [
        ("esl://:ClueCon@pbx1:8021", "pbx1", "pbx1", 8021, None, "ClueCon"),
        ("esl://:ClueCon@pbx1", "pbx1", "pbx1", 8021, None, "ClueCon"),
        ("esl://pbx1", "pbx1", "pbx1", 8021, None, ""),
        (
            "tokyo=esl://board@default:p%40ss%2F%3A%25@10.0.0.1:9021/",
            "tokyo",
            "10.0.0.1",
            9021,
            "board@default",
            "p@ss/:%",
        ),
        ("osaka=esl://board@:secret@pbx2", "osaka", "pbx2", 8021, "board@pbx2", "secret"),
        ("esl://board%40site.jp:a:b@[::1]:8021", "::1", "::1", 8021, "board@site.jp", "a:b"),
        ("esl://:p@ss=esl@h", "h", "h", 8021, None, "p@ss=esl"),
    ],
)
def test_address_when_sound_then_read(
    text: str, name: str, host: str, port: int, user: str | None, password: str
) -> None:
    node = NodeAddress.parse(text)
    assert (node.name, node.host, node.port, node.user, node.password) == (name, host, port, user, password)
    assert not password or password not in repr(node)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pbx1:8021",
        "http://:s3cret@pbx1",
        "esl://:s3cret@",
        "esl://:s3cret@pbx1:0",
        "esl://:s3cret@pbx1:70000",
        "esl://:s3cret@pbx1:x",
        "esl://:s3cret@pbx1/path",
        "esl://:s3cret%0A@pbx1",
        "bad name=esl://:s3cret@pbx1",
        "s3cretesl://pbx1",
        "esl://a b:s3cret@pbx1",
    ],
)
def test_address_when_faulty_then_told_what_without_the_password(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        NodeAddress.parse(text)
    assert "s3cret" not in str(caught.value)
