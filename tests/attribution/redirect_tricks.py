"""Texts that would lead somewhere else than to shop.example if they were taken as targets."""

from __future__ import annotations

GOOD = "shop.example"
EVIL = "evil.example"

_AUTHORITIES = (
    "evil.example", "evil.example:443", "evil.example.", "EVIL.example", "www.evil.example",
    "shop.example.evil.example", "shop.example-evil.example", "evilshop.example",
    "shop.examplee", "shop.example.com", "xshop.example", "shop-example", "shopexample",
    "shop.exampl", "example", "shop.example@evil.example", "shop.example:x@evil.example",
    "shop.example:443@evil.example", "user@shop.example", "user:word@shop.example",
    "@shop.example", "shop.example%40evil.example", "shop.example%2eevil.example",
    "evil.example%2f.shop.example", "evil.example%23.shop.example", "evil.example%3f.shop.example",
    "evil.example%5c.shop.example", "evil.example\\.shop.example", "evil.example\\@shop.example",
    "shop.example\\@evil.example", "evil.example|.shop.example", "evil.example^.shop.example",
    "evil.example`.shop.example", "evil.example{.shop.example", "evil.example}.shop.example",
    "evil.example<.shop.example", "evil.example>.shop.example", "evil.example\".shop.example",
    "evil.example'.shop.example", "evil.example .shop.example", "evil.example\t.shop.example",
    "evil.example\n.shop.example", "evil.example\r.shop.example", "evil.example\0.shop.example",
    "evil.example\u00a0.shop.example", "evil.example\u2028.shop.example",
    "evil.example;.shop.example", "evil.example,.shop.example", "evil.example&.shop.example",
    "evil.example=.shop.example", "evil.example!.shop.example", "evil.example$.shop.example",
    "evil.example*.shop.example", "evil.example(.shop.example", "evil.example).shop.example",
    "evil.example+.shop.example", "evil.example~.shop.example", "evil_example..shop.example",
    "*.shop.example", "-.shop.example", "a-.shop.example", "..shop.example", ".shop.example",
    "shop..example", "shop.example..", "_.shop.example", "", " ", ".", "..", "/", "//",
    "evil.example\uff0f.shop.example", "evil.example\uff03.shop.example",
    "evil.example\uff1f.shop.example", "evil.example\uff20shop.example",
    "evil.example\uff3c.shop.example", "evil.example\u2044.shop.example",
    "evil.example\u2215.shop.example", "evil.example\u2100.shop.example",
    "evil.example\u2105.shop.example", "shop.example\u3002evil.example",
    "shop.example\uff0eevil.example", "shop.example\uff61evil.example", "ѕhop.example",
    "shоp.example", "shop.ехample", "ｅvil.example", "evil.ⓔxample", "sh\u00adop.exam\u00adple.net",
    "shop\u200d.example", "shop.example\u202e.evil", "127.0.0.1", "127.1", "2130706433",
    "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "[::1]", "[::ffff:127.0.0.1]", "[::]",
    "[shop.example]", "[shop.example", "localhost", "localhost.", "0", "169.254.169.254",
    "10.0.0.1", "100.64.0.1", "①②⑦.⓪.⓪.①", "1.1.1.1", "shop.example:8443", "shop.example:0",
    "shop.example:65536", "shop.example:99999", "shop.example:80x", "shop.example:-1",
    "shop.example:", "shop.example:+443", "shop.example:4 43", "shop.example:٤٤٣",
    "shop.example:443:443", "shop.example:443.evil.example",
)  # fmt: skip

_WHOLE = (
    "//evil.example", "///evil.example", "////evil.example", "/evil", "evil.example", "evil",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "?x", "#x",
    "http:evil.example", "https:evil.example", "https:/evil.example", "https:///evil.example",
    "https:////evil.example", "https:\\\\evil.example", "https:/\\evil.example",
    "https:\\/evil.example", "https:shop.example", "https:/shop.example", "https:///shop.example",
    "https:\\\\shop.example", "https//shop.example", "https://", "https:", "http", "://shop.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
    " javascript:alert(1)", "\x01javascript:alert(1)", "javascript://shop.example/%0aalert(1)",
    "javascript:alert(1)//https://shop.example", "data:text/html,x", "data:text/html;base64,eA==",
    "data://shop.example/x", "vbscript:x", "blob:https://shop.example/x", "file:///etc/passwd",
    "file://shop.example/x", "ftp://shop.example", "ws://shop.example", "wss://shop.example",
    "gopher://shop.example", "view-source:https://shop.example", "about:blank", "mailto:a@shop.example",
    "tel:1", "intent://shop.example#Intent;scheme=https;end", "market://details?id=x",
    "filesystem:https://shop.example/x", "feed:https://shop.example", "jar:https://shop.example!/",
    "httpss://shop.example", "xhttps://shop.example", "h\tttps://shop.example", "ht%74ps://shop.example",
    "https%3a//shop.example", "https:%2f%2fshop.example", "https://shop.example\r\nSet-Cookie: a=b",
    "https://shop.example/\r\nLocation: https://evil.example", "https://shop.example/\nx",
    "https://shop.example/\rx", "https://shop.example/\0", "https://shop.example/\x7f",
    "https://shop.example/\x1b[2J", "https://shop.example/\t", "https://shop.example/ x",
    "https://shop.example/\\evil.example", "https://shop.example\\evil.example",
    "https://shop.example/?x=\\", "https://shop.example/\u2028x", "https://shop.example/\u202e",
    "https://shop.example/\ud800", "https://shop.example/%", "https://shop.example/%0",
    "https://shop.example/%zz", "https://shop.example/?%u0041", " https://shop.example",
    "https://shop.example ", "\thttps://shop.example", "\ufeffhttps://shop.example",
    "https://shop.example/" + "x" * 2000, "https://" + "a." * 130 + "shop.example",
    "https://" + "a" * 64 + ".shop.example",
)  # fmt: skip

TRICKS = [*(f"https://{authority}/x" for authority in _AUTHORITIES), *_WHOLE]
