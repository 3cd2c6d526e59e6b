"""Files and tags that mean harm, and files that are simply wrong."""

from __future__ import annotations

import struct
import zipfile

import pytest
from forms import Form

from builder.findings import InputError


def rewrite(path, change):
    """Rewrite a .docx member by member: change(name, content) → new content."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, change(name, content))


def refusal(form):
    with pytest.raises(InputError) as caught:
        form.compile()
    return str(caught.value)


@pytest.fixture
def form(tmp_path):
    made = Form(tmp_path)
    made.add("正文", name="说明.docx")
    return made


def test_missing_parts_are_all_named(form):
    (form.folder / "样式.docx").unlink()
    form.parts.append(form.folder / "没有.docx")
    said = refusal(form).splitlines()
    assert len(said) == 2
    assert said[0].startswith("样式.docx: 错误：找不到这个 Word 部件")
    assert said[1].startswith("没有.docx: 错误：找不到这个 Word 部件")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"plain text", "不是 .docx 文件"),
        (b"", "不是 .docx 文件"),
        (b"PK\x03\x04 but nothing more", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧格式"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    ],
)
def test_file_that_is_no_docx(form, content, said):
    form.parts[0].write_bytes(content)
    assert refusal(form).startswith("说明.docx: 错误：")
    assert said in refusal(form)


def test_zip_without_a_document(form):
    with zipfile.ZipFile(form.parts[0], "w") as archive:
        archive.writestr("readme.txt", "x")
    assert "缺少 [Content_Types].xml" in refusal(form)


def test_zip_bomb_by_ratio(form):
    with zipfile.ZipFile(form.parts[0], "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/bomb.bin", b"\0" * 30_000_000)
    assert "压缩炸弹" in refusal(form)


def test_zip_bomb_by_number_of_members(form):
    with zipfile.ZipFile(form.parts[0], "a") as archive:
        for number in range(2100):
            archive.writestr(f"x/{number}", b"")
    assert "压缩炸弹" in refusal(form)


def test_zip_bomb_that_lies_about_its_size(form):
    with zipfile.ZipFile(form.parts[0], "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/bomb.bin", b"\0" * 30_000_000)
    data = bytearray(form.parts[0].read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 1000)
    form.parts[0].write_bytes(bytes(data))
    assert "已损坏" in refusal(form)


@pytest.mark.parametrize("member", ["word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels"])
def test_entities_are_refused(form, tmp_path, member):
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")

    def attack(name, content):
        if name != member:
            return content
        head, _, rest = content.partition(b"?>")
        doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'.encode()
        return head + b"?>" + doctype + rest.replace("正文".encode(), b"&e;")

    rewrite(form.parts[0], attack)
    said = refusal(form)
    assert "实体声明" in said
    assert "秘密" not in said


def test_entities_in_utf16_are_refused(form):
    def attack(name, content):
        if name != "word/document.xml":
            return content
        text = content.decode().partition("?>")[2]
        return f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY e "ha">]>{text}'.encode("utf-16")

    rewrite(form.parts[0], attack)
    assert "实体声明" in refusal(form)


def test_broken_xml_names_the_member(form):
    rewrite(form.parts[0], lambda name, content: content[:-20] if name == "word/document.xml" else content)
    assert "word/document.xml 已损坏" in refusal(form)


def test_macros_are_refused(form):
    def change(name, content):
        return content.replace(b"document.main+xml", b"document.macroEnabled.main+xml") if "Types" in name else content

    rewrite(form.parts[0], change)
    assert "带有宏" in refusal(form) or "不是 Word 文档" in refusal(form)


def test_link_to_a_file_outside_is_refused(form):
    def change(name, content):
        if name == "word/_rels/document.xml.rels":
            link = (
                b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                b'image" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
            )
            return content.replace(b"</Relationships>", link)
        if name == "word/document.xml":
            xmlns = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
            blip = b'<w:r><w:pict><v:x xmlns:v="urn:v" %s r:id="rId99"/></w:pict></w:r></w:p>' % xmlns
            return content.replace(b"</w:p>", blip, 1)
        return content

    rewrite(form.parts[0], change)
    assert "链接到外部文件" in refusal(form)


@pytest.mark.parametrize(
    "tag",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ''['__class__'] }}",
        "{{ 名单.__class__.__base__.__subclasses__() }}",
        "{{ '{0.__class__.__init__.__globals__}'.format(名单) }}",
        "{{ 函数.__globals__ }}",
        "{{ 名单.append(3) }}",
        "{{ 字典.update(x=1) }}",
        "{% for i in range(99999999) %}{% endfor %}",
        "{{ self.__init__.__globals__ }}",
        "{{ 单位._秘密 }}",
    ],
)
def test_sandbox(tmp_path, tag):
    class Unit:
        _秘密 = "泄露"

    form = Form(tmp_path)
    form.add(tag)
    context = {"名单": [1, 2], "字典": {"a": 1}, "函数": refusal, "单位": Unit()}
    compiled = form.compile()
    with pytest.raises(InputError) as caught:
        compiled.render(context, charts={}, pages=None, title="")
    assert "泄露" not in str(caught.value)
    assert context["名单"] == [1, 2]
    assert context["字典"] == {"a": 1}


@pytest.mark.parametrize("name", ["lipsum", "cycler", "dict"])
def test_chance_and_helpers_are_not_offered(tmp_path, name):
    form = Form(tmp_path)
    form.add(f"{{{{ {name}() }}}}")
    with pytest.raises(InputError, match=f"没有「{name}」这个名称"):
        form.text()
