#!/usr/bin/env python3
"""Makes the files of tests/attachments/ with nothing but Python's standard library. All content is invented.

Run it after a change here, look at `git diff --stat`, and commit what it wrote: the tests read the files, not this."""

import io
import pathlib
import struct
import zipfile
import zlib

OUT = pathlib.Path(__file__).resolve().parent.parent / "attachments"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def package(entries, compress=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else compress
            archive.writestr(info, data)
    return out.getvalue()


def relations(*rows):
    rows = "".join(
        f'<Relationship Id="{i}" Type="{R}/{kind}" Target="{target}"{mode}/>' for i, kind, target, mode in rows
    )
    return f'{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


OUTSIDE = ' TargetMode="External"'
CORE = (
    f'{XML}<cp:coreProperties xmlns:cp="c" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>示例</dc:title><dc:creator>甲某</dc:creator><cp:lastModifiedBy>乙某</cp:lastModifiedBy>"
    "<dc:description>内部讨论用</dc:description></cp:coreProperties>"
)
APP = f"{XML}<Properties><Application>Office</Application><Company>示例市甲局</Company><Manager>丙某</Manager></Properties>"
CUSTOM = (
    f'{XML}<Properties xmlns:vt="v"><property name="送审单位"><vt:lpwstr>乙局</vt:lpwstr></property></Properties>'
)


def tiff(position=True):
    """A TIFF structure with artist, model, software and, if asked, a position."""
    texts = {0x0110: b"Model X\0", 0x0131: b"Editor 1.0\0", 0x013B: "丁某".encode() + b"\0"}
    entries, data = [], b""
    count = len(texts) + (1 if position else 0)
    base = 8 + 2 + count * 12 + 4
    for tag, text in sorted(texts.items()):
        entries.append(struct.pack("<HHII", tag, 2, len(text), base + len(data)))
        data += text + b"\0" * (len(text) % 2)
    if position:
        entries.append(struct.pack("<HHII", 0x8825, 4, 1, base + len(data)))
        gps = base + len(data) + 2 + 4 * 12 + 4
        data += struct.pack("<H", 4)
        data += struct.pack("<HHI4s", 1, 2, 2, b"N\0\0\0") + struct.pack("<HHII", 2, 5, 3, gps)
        data += struct.pack("<HHI4s", 3, 2, 2, b"W\0\0\0") + struct.pack("<HHII", 4, 5, 3, gps + 24)
        data += struct.pack("<I", 0) + struct.pack("<6I", 1, 1, 30, 1, 0, 1) + struct.pack("<6I", 2, 1, 15, 1, 0, 1)
    return b"II*\0" + struct.pack("<IH", 8, count) + b"".join(entries) + struct.pack("<I", 0) + data


XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r" xmlns:dc="d" xmlns:aux="a" xmlns:xmp="p">'
    '<rdf:Description aux:SerialNumber="SN-0001" xmp:CreatorTool="Draw 2"><dc:creator><rdf:Seq><rdf:li>戊某</rdf:li>'
    "</rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
).encode()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*chunks, after=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"") + after


def jpeg(*segments, after=b""):
    def segment(marker, data):
        return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data

    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56\xff\xd9"
    return b"\xff\xd8" + b"".join(segment(m, d) for m, d in segments) + scan + after


def webp():
    blocks = b""
    for name, data in ((b"VP8L", b"\x2f\0\0\0\0"), (b"EXIF", tiff()), (b"XMP ", XMP)):
        blocks += name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(blocks) + 4) + b"WEBP" + blocks


def gif():
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    words = "扫描件，仅供内部".encode()
    comment = b"\x21\xfe" + bytes([len(words)]) + words + b"\0"
    return head + comment + b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0" + b"\x3b"


def docx():
    def run(text, properties="", tag="t"):
        return f"<w:r>{properties and f'<w:rPr>{properties}</w:rPr>'}<w:{tag}>{text}</w:{tag}></w:r>"

    def p(*runs):
        return f"<w:p>{''.join(runs)}</w:p>"

    body = (
        p(run("关于公布"), run("示例清单"), run("的通知"))
        + p(run("正文&amp;公开。"), run("隐藏的话", "<w:vanish/>"), run("不隐藏", '<w:vanish w:val="0"/>'))
        + p(
            run("经研究，"),
            f'<w:del w:id="1" w:author="甲某">{run("拟不予公开", tag="delText")}</w:del>',
            f'<w:ins w:id="2" w:author="乙某">{run("予以公开")}</w:ins>',
        )
        + f"<w:tbl><w:tr><w:tc>{p(run('姓名'))}</w:tc><w:tc>{p(run('李某某'))}</w:tc></w:tr></w:tbl>"
        + p(
            run("外"),
            "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>"
            + p(run("文本框"))
            + "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>"
            + p(run("文本框"))
            + "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>",
            run("面"),
        )
    )
    note = f'<w:footnote w:id="-1" w:type="separator">{p()}</w:footnote><w:footnote w:id="2">{p(run("脚注的话"))}</w:footnote>'
    comment = f'<w:comment w:id="0" w:author="丙某">{p(run("此处再核"))}{p(run("电话另附"))}</w:comment>'
    return {
        "[Content_Types].xml": f"{XML}<Types/>",
        "_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml", "")),
        "word/document.xml": f'{XML}<w:document {W} xmlns:mc="m"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": relations(
            ("rId1", "hyperlink", "https://example.invalid/", OUTSIDE),
            ("rId2", "attachedTemplate", "file:///C:/Users/jia/muban.dotx", OUTSIDE),
        ),
        "word/header1.xml": f"{XML}<w:hdr {W}>{p(run('内部资料'))}</w:hdr>",
        "word/footnotes.xml": f"{XML}<w:footnotes {W}>{note}</w:footnotes>",
        "word/comments.xml": f"{XML}<w:comments {W}>{comment}</w:comments>",
        "word/media/image1.jpeg": jpeg((0xE1, b"Exif\0\0" + tiff())),
        "word/embeddings/sheet1.xlsx": b"PK\x03\x04 never opened",
        "docProps/core.xml": CORE,
        "docProps/app.xml": APP,
        "docProps/custom.xml": CUSTOM,
    }


def xlsx():
    def cell(address, value, kind=""):
        kind = kind and f' t="{kind}"'
        return f'<c r="{address}"{kind}>{value}</c>'

    def inline(address, text):
        return cell(address, f"<is><t>{text}</t></is>", "inlineStr")

    def shared(address, index):
        return cell(address, f"<v>{index}</v>", "s")

    rows = (
        f'<row r="1">{inline("A1", "救助名单（2025年）")}</row>'
        f'<row r="2">{shared("A2", 0)}{shared("B2", 1)}{shared("C2", 2)}</row>'
        f'<row r="3">{inline("A3", "张某")}{cell("B3", "<v>13800000000</v>")}{inline("C3", "甲街1号")}</row>'
        f'<row r="4" hidden="1">{inline("A4", "不公开的人")}</row>'
        f'<row r="5">{inline("AA5", "远处")}{cell("AB5", "<v>#N/A</v>", "e")}</row>'
    )
    sheet = '<worksheet xmlns="x"><cols><col min="3" max="4" hidden="1"/></cols><sheetData>{}</sheetData></worksheet>'
    strings = "".join(f"<si>{s}</si>" for s in ("<t>姓名</t>", "<r><t>联系</t></r><r><t>电话</t></r>", "<t>住址</t>"))
    comments = (
        '<comments xmlns="x"><authors><author>甲某</author><author>乙某</author></authors><commentList>'
        '<comment ref="B3" authorId="1"><text><r><t>本人要求保密</t></r></text></comment></commentList></comments>'
    )
    return {
        "[Content_Types].xml": f"{XML}<Types/>",
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml", "")),
        "xl/workbook.xml": f'{XML}<workbook xmlns="x" xmlns:r="{R}" xmlns:x15ac="a">'
        '<x15ac:absPath url="C:\\Users\\jia\\Desktop\\"/><sheets><sheet name="汇总" sheetId="1" r:id="rId1"/>'
        '<sheet name="底稿" sheetId="2" state="veryHidden" r:id="rId2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml", ""),
            ("rId2", "worksheet", "/xl/worksheets/sheet2.xml", ""),
            ("rId3", "externalLink", "externalLinks/externalLink1.xml", ""),
        ),
        "xl/externalLinks/_rels/externalLink1.xml.rels": relations(
            ("rId1", "externalLinkPath", "file:///D:/2025/mingdan.xlsx", OUTSIDE)
        ),
        "xl/sharedStrings.xml": f'{XML}<sst xmlns="x">{strings}</sst>',
        "xl/worksheets/sheet1.xml": XML + sheet.format(rows),
        "xl/worksheets/sheet2.xml": XML + sheet.format(f'<row r="1">{inline("A1", "底稿的话")}</row>'),
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("rId1", "comments", "../comments1.xml", "")),
        "xl/comments1.xml": XML + comments,
        "xl/vbaProject.bin": b"macro",
        "docProps/core.xml": CORE,
    }


def pptx():
    def slide(text, more=""):
        return f'{XML}<p:sld xmlns:p="p" xmlns:a="a"{more}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>'

    return {
        "_rels/.rels": relations(("rId1", "officeDocument", "ppt/presentation.xml", "")),
        "ppt/presentation.xml": f'{XML}<p:presentation xmlns:p="p" xmlns:r="{R}"><p:sldIdLst><p:sldId id="256" r:id="rId2"/>'
        '<p:sldId id="257" r:id="rId1"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(
            ("rId1", "slide", "slides/slide1.xml", ""), ("rId2", "slide", "slides/slide2.xml", "")
        ),
        "ppt/slides/slide1.xml": slide("第二张，不放映", ' show="0"'),
        "ppt/slides/slide2.xml": slide("第一张"),
        "ppt/slides/_rels/slide2.xml.rels": relations(
            ("rId1", "notesSlide", "../notesSlides/notesSlide1.xml", ""),
            ("rId2", "comments", "../comments/comment1.xml", ""),
        ),
        "ppt/notesSlides/notesSlide1.xml": f'{XML}<p:notes xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>讲稿</a:t></a:r></a:p>'
        "<a:p><a:fld><a:t>1</a:t></a:fld></a:p></p:notes>",
        "ppt/comments/comment1.xml": f'{XML}<p:cmLst xmlns:p="p"><p:cm authorId="0"><p:text>数字待核</p:text></p:cm></p:cmLst>',
        "ppt/commentAuthors.xml": f'{XML}<p:cmAuthorLst xmlns:p="p"><p:cmAuthor id="0" name="甲某"/></p:cmAuthorLst>',
    }


META = (
    f'{XML}<office:document-meta xmlns:office="o" xmlns:meta="m" xmlns:dc="d"><office:meta><meta:initial-creator>甲某'
    "</meta:initial-creator><dc:creator>乙某</dc:creator></office:meta></office:document-meta>"
)


def opendocument(kind, styles, body):
    content = (
        f'{XML}<office:document-content xmlns:office="o" xmlns:style="s" xmlns:text="t" xmlns:table="b" xmlns:dc="d">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>{body}</office:body></office:document-content>"
    )
    return {"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content, "meta.xml": META}


def odt():
    styles = '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    body = (
        "<office:text><text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>甲某"
        "</dc:creator><dc:date>2026-01-01</dc:date></office:change-info><text:p>删去的话</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:h>标题</text:h><text:p>正文<text:s/>续"
        '<text:span text:style-name="T1">藏起的话</text:span><office:annotation><dc:creator>乙某</dc:creator>'
        "<text:p>批注的话</text:p></office:annotation></text:p></office:text>"
    )
    return opendocument("text", styles, body)


def ods():
    styles = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'

    def row(*cells, more=""):
        cells = "".join(
            f'<table:table-cell{" table:number-columns-repeated=" + chr(34) + str(n) + chr(34) if n > 1 else ""}>'
            + (f"<text:p>{t}</text:p>" if t else "")
            + "</table:table-cell>"
            for t, n in cells
        )
        return f"<table:table-row{more}>{cells}</table:table-row>"

    body = (
        '<office:spreadsheet><table:table table:name="表一"><table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/>'
        + row(("姓名", 1), ("账号", 1), ("备注", 1))
        + row(("张某", 1), ("", 1), ("内部", 1))
        + row(("藏行", 1), more=' table:visibility="collapse"')
        + row(("", 1000), more=' table:number-rows-repeated="1000000"')
        + row(("", 25), ("末", 3))
        + '</table:table><table:table table:name="表二" table:style-name="ta2">'
        + row(("藏表", 1))
        + "</table:table></office:spreadsheet>"
    )
    return opendocument("spreadsheet", styles, body)


def pdf(objects, trailer="", packed=(), head=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"):
    """Objects as {number: dictionary or (dictionary, stream)}; those in `packed` go into an object stream."""
    out = bytearray(head)
    offsets = {}
    inside = [(n, objects.pop(n)) for n in packed]
    if inside:
        index, data = "", ""
        for number, text in inside:
            index += f"{number} {len(data)} "
            data += text + "\n"
        number = max(objects) + 1
        objects[number] = (f"/Type /ObjStm /N {len(inside)} /First {len(index)}", (index + data).encode())
    for number, value in objects.items():
        offsets[number] = len(out)
        if isinstance(value, tuple):
            name, packer = ("LZWDecode", value[2]) if len(value) > 2 else ("FlateDecode", zlib.compress)
            data = packer(value[1])
            value = f"<< {value[0]} /Filter /{name} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"
        else:
            value = value.encode()
        out += f"{number} 0 obj\n".encode() + value + b"\nendobj\n"
    start = len(out)
    if inside:
        # A cross-reference stream (ISO 32000-1, 7.5.8): the objects in the object stream cannot stand in a table.
        own, holder = max(objects) + 1, max(objects)
        offsets[own] = start
        rows = [(0, 0, 65535)]
        for number in range(1, own + 1):
            place = [n for n, _ in inside].index(number) if number in packed else 0
            rows.append((2, holder, place) if number in packed else (1, offsets.get(number, 0), 0))
        data = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in rows))
        head = f"/Type /XRef /W [1 4 2] /Size {own + 1} {trailer} /Filter /FlateDecode /Length {len(data)}"
        out += f"{own} 0 obj\n<< {head} >>\nstream\n".encode() + data + b"\nendstream\nendobj\n"
        out += f"startxref\n{start}\n%%EOF\n".encode()
        return bytes(out)
    size = max(objects) + 1
    out += f"xref\n0 {size}\n".encode()
    for number in range(size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
    out += f"trailer << /Size {size} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def utf16(text):
    return "<FEFF" + text.encode("utf-16-be").hex() + ">"


WORDS = "示例公告联系电话"


def cmap():
    rows = "".join(f"<{i + 1:04x}> <{c.encode('utf-16-be').hex()}>\n" for i, c in enumerate(WORDS))
    return f"begincmap\n{len(WORDS)} beginbfchar\n{rows}endbfchar\n1 beginbfrange\n<0100> <0109> <0030>\nendbfrange\nendcmap"


def codes(text):
    return "<" + "".join(f"{(WORDS.index(c) + 1) if c in WORDS else 0x100 + int(c):04x}" for c in text) + ">"


def pdf_text():
    content = (
        f"BT /F1 12 Tf 1 0 0 1 72 700 Tm {codes('示例公告')} Tj 0 -20 Td {codes('联系电话')} Tj 60 0 Td {codes('13800000000')} Tj ET\n"
        f"BT /F2 12 Tf 72 600 Td [(Tel) -600 (12345) -20 (67)] TJ 3 Tr 0 -20 Td (under the box) Tj ET\n/X1 Do"
    )
    return pdf(
        {
            1: f"<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) /MarkInfo << /Marked true >> /StructTreeRoot 9 0 R /Names << /EmbeddedFiles 10 0 R >> >>",
            2: "<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << /Font << /F1 5 0 R /F2 7 0 R >> /XObject << /X1 12 0 R >> >> >>",
            3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents [4 0 R] /Annots [11 0 R] >>",
            4: ("", content.encode()),
            5: "<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [<< /DW 1000 /W [256 265 500] >>] >>",
            6: ("", cmap().encode()),
            7: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            8: f"<< /Title {utf16('示例公告')} /Author {utf16('甲某')} /Producer (Maker 1) /Company (A Bureau) /CreationDate (D:20260101) >>",
            9: "<< /Type /StructTreeRoot >>",
            10: "<< /Names [(a) << /Type /Filespec /UF (yuanshi.xlsx) /EF << /F 4 0 R >> >>] >>",
            11: f"<< /Type /Annot /Subtype /Text /T {utf16('乙某')} /Contents {utf16('此数待核')} >>",
            12: ("/Type /XObject /Subtype /Form /Resources << /Font << /F2 7 0 R >> /XObject << /X1 12 0 R >> >>", b"BT /F2 9 Tf 72 500 Td (in a form) Tj ET /X1 Do"),
        },
        "/Root 1 0 R /Info 8 0 R",
        packed=(1, 2, 3, 5, 7, 8, 9, 10, 11),
    )


def pdf_scan(invisible):
    content = "q 595 0 0 842 0 0 cm /Im1 Do Q " + ("BT 3 Tr /F2 12 Tf 72 700 Td (recognised) Tj ET" if invisible else "")
    return pdf(
        {
            1: "<< /Type /Catalog /Pages 2 0 R >>",
            2: "<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 1 >>",
            3: "<< /Type /Page /Parent 2 0 R /Resources << /XObject << /Im1 5 0 R >> /Font << /F2 << /Subtype /Type1 >> >> >> /Contents 4 0 R >>",
            4: ("", content.encode()),
            5: ("/Subtype /Image /Width 1 /Height 1", b"\0"),
        },
        "/Root 1 0 R",
    )


def lzw(data):
    """LZW as PDF has it (ISO 32000-1, 7.4.4): codes of 9 to 12 bits that grow one code early."""
    out, table, width, word = "", {bytes([i]): i for i in range(256)}, 9, b""
    following = 258
    out += f"{256:09b}"
    for byte in data:
        if word + bytes([byte]) in table:
            word += bytes([byte])
            continue
        out += f"{table[word]:0{width}b}"
        table[word + bytes([byte])] = following
        following += 1
        width = max(width, (following).bit_length())
        assert width <= 11, "longer than this needs"
        word = bytes([byte])
    out += f"{table[word]:0{width}b}"
    # The decoder knows the code that this one makes, too.
    width = max(width, (following + 1).bit_length())
    out += f"{257:0{width}b}"
    out += "0" * (-len(out) % 8)
    return int(out, 2).to_bytes(len(out) // 8, "big")


def pdf_one(font, *content):
    return pdf(
        {
            1: "<< /Type /Catalog /Pages 2 0 R >>",
            2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: "<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>",
            4: ("", *content),
            5: font,
        },
        "/Root 1 0 R",
    )


def pdf_lzw():
    lines = "".join(f"BT /F1 12 Tf 72 {800 - n * 14} Td (line {n} of {n * 7919}) Tj ET\n" for n in range(40))
    return pdf_one("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", lines.encode(), lzw)


def pdf_gbk():
    words = "联系电话：13800000000".encode("gbk").hex()
    font = "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /GBK-EUC-H /DescendantFonts [<< /DW 1000 >>] >>"
    return pdf_one(font, f"BT /F1 12 Tf 72 700 Td <{words}> Tj ET".encode())


def compound(name):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + name.encode("utf-16-le") + b"\0" * 480


SVG = """<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="x" xmlns:sodipodi="s" xmlns:dc="d" sodipodi:docname="C:\\jia\\tu.svg">
<title>示意图</title><metadata><dc:creator>甲某</dc:creator></metadata><image xlink:href="https://example.invalid/a.png"/>
<a href="https://example.invalid/"><text x="1">联系<tspan>电话</tspan></text></a><script>alert(1)</script><rect onclick="x()"/></svg>
"""

FILES = {
    "word.docx": package(docx()),
    "workbook.xlsx": package(xlsx()),
    "slides.pptx": package(pptx()),
    "text.odt": package(odt()),
    "tables.ods": package(ods()),
    "other.zip": package({"附件1.txt": "甲"}),
    "layout.ofd": package({"OFD.xml": f"{XML}<ofd:OFD xmlns:ofd='o'/>"}),
    "damaged-part.docx": package({**docx(), "word/document.xml": f"{XML}<w:document {W}><w:body><w:p>"}),
    "old.doc": compound("WordDocument"),
    "old.xls": compound("Workbook"),
    "password.docx": compound("EncryptedPackage"),
    "text.pdf": pdf_text(),
    "scan.pdf": pdf_scan(False),
    "scan-recognised.pdf": pdf_scan(True),
    "encrypted.pdf": pdf_scan(False).replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Standard >>"),
    "lzw.pdf": pdf_lzw(),
    "gbk.pdf": pdf_gbk(),
    "no-pages.pdf": b"%PDF-1.4\n1 0 obj << /Length 3 >> stream\nabc",
    "photo.jpg": jpeg((0xE1, b"Exif\0\0" + tiff()), (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP), (0xFE, b"raw"), after=b"PK.."),
    "picture.png": png(chunk(b"eXIf", tiff()), chunk(b"tEXt", b"Author\0A. Writer"), chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
    "plain.png": png(after=b"\n"),
    "cut.png": png()[:40],
    "picture.webp": webp(),
    "picture.gif": gif(),
    "drawing.svg": SVG.encode(),
    "rows.csv": "\ufeff姓名,证件号,\"备注,说明\"\r\n张某,未填,\"甲\n乙\"\r\n".encode(),
    "lines.txt": "第一行，联系电话如下：\n\n13800000000\n".encode(),
    "gb.csv": "姓名,电话\n张某,1\n".encode("gb18030"),
    "page.html": b"<!doctype html>\n<html lang=zh><title>x</title>",
    "program.pdf": b"MZ\x90\0" + b"\0" * 60,
    "noise.bin": bytes(range(256)),
}

if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    for name, data in FILES.items():
        (OUT / name).write_bytes(data)
        print(f"{len(data):6} {name}")
