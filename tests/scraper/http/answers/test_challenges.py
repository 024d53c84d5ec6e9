"""Challenge and block pages, each as its service sends it, and the honest pages that look like them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict

from scraper.http.answers.challenges import START_BYTES, challenge_of, may_be_challenge

HTML = {"content-type": "text/html; charset=utf-8"}
BLOG = Path(__file__).parents[4] / "fixtures" / "blog"

CLOUDFLARE = b"""<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta http-equiv="Content-Type"
content="text/html; charset=UTF-8"><meta name="robots" content="noindex,nofollow"><meta http-equiv="refresh"
content="390"></head><body class="no-js"><div class="main-wrapper"><noscript>Enable JavaScript and cookies to
continue</noscript></div><script>(function(){window._cf_chl_opt={cvId:'3',cZone:"b.example",cType:'managed'};var
a=document.createElement('script');a.src='/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1?ray=8f';}());
</script></body></html>"""
CLOUDFLARE_BLOCK = b"""<!DOCTYPE html><html class="no-js"><head><title>Attention Required! | Cloudflare</title></head>
<body><div id="cf-wrapper"><div id="cf-error-details" class="cf-error-details-wrapper"><h1
data-translate="block_headline">Sorry, you have been blocked</h1></div></div></body></html>"""
CLOUDFLARE_1020 = b"""<html><head><title>Access denied | b.example used Cloudflare to restrict access</title></head>
<body><div id="cf-error-details"><h1><span>Error</span> <span class="cf-error-code">1020</span></h1></div></body>"""
SUCURI = b"""<html><title>You are being redirected...</title>
<noscript>Javascript is required. Please enable javascript before you are allowed to see this page.</noscript>
<script>var s={},u,c,U,r,i,l=0,a,e=eval,w=String.fromCharCode,sucuri_cloudproxy_js='',S='cz0i';</script></html>"""
SUCURI_BLOCK = b"""<!DOCTYPE html><html lang="en"><head><link rel="stylesheet"
href="https://cdn.sucuri.net/sucuri-firewall-block.css" /><title>Sucuri WebSite Firewall - Access Denied</title>
</head><body><h1>Access Denied - Sucuri Website Firewall</h1></body></html>"""
DDOS_GUARD = b"""<!doctype html><html><head><title>DDoS-Guard</title><meta charset="utf-8"><script
src="/.well-known/ddos-guard/js-challenge/index.js"></script></head><body data-ddg-origin="true"></body></html>"""
IMPERVA_FRAME = b"""<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"></head><body
style="margin:0px;height:100%"><iframe id="main-iframe" src="/_Incapsula_Resource?SWUDNSAI=31&xinfo=7-1&edet=12"
frameborder=0>Request unsuccessful. Incapsula incident ID: 434000870345502677-416622</iframe></body></html>"""
IMPERVA_SCRIPT = b"""<html>\r\n<head>\r\n<META NAME="robots" CONTENT="noindex,nofollow">\r\n<script
src="/_Incapsula_Resource?SWJIYLWA=5074a744e2e3d891814e9a2dace20bd4,719d34d31c8e3a6e6fffd425f7e032f3">\r
</script>\r\n<body>\r\n</body></html>""".replace(b"<script\nsrc", b"<script src")
IMPERVA_REESE = b"""<!DOCTYPE html><html><head><noscript><title>Pardon Our Interruption</title></noscript></head><body>
<h1>Pardon Our Interruption</h1><p>As you were browsing something about your browser made us think you were a bot.
</p></body></html>"""
AKAMAI_BLOCK = b"""<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\n \nYou don't
have permission to access "http&#58;&#47;&#47;b&#46;example&#47;" on this server.<P>\nReference&#32;&#35;18&#46;c6a5
<P>\nhttps&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18&#46;c6a5\n</BODY>\n</HTML>""".replace(
    b"\nhave", b" have"
)
AKAMAI_CHALLENGE = b"""<!DOCTYPE html>\n<html lang="en">\n<body><script type="text/javascript"
src="/Borx/KBSP/bWL9?v=1&amp;t=155"></script>\n<div id="sec-if-cpt-container" role="main" style="display: none"><p
class ="scf-akamai-protected-by">Powered and protected by</p></div></body></html>"""
AKAMAI_VERIFY = b"""<!DOCTYPE html><html><head><meta http-equiv="refresh" content="5; URL='/?bm-verify=AAQAAAAO'" />
<title>&nbsp;</title></head><body><iframe src="/interstitial/ic.html"></iframe></body></html>"""
DATADOME = b"""<html lang="en"><head><title>b.example</title></head><body><p id="cmsg">Please enable JS and disable any
ad blocker</p><script data-cfasync="false">var dd={'rt':'c','cid':'AHrl','host':'geo.captcha-delivery.com'}</script>
<script src="https://ct.captcha-delivery.com/c.js"></script></body></html>"""
HUMAN = b"""<!DOCTYPE html><html lang="en"><head><meta name="description" content="px-captcha"><title>Access to this page
has been denied</title></head><body><div id="px-captcha"></div></body></html>""".replace(
    b"page\nhas", b"page has"
)
AWS = b"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title></title><script>
window.awsWafCookieDomainList = [];window.gokuProps = {"key":"AQIDAHj"};</script></head><body><div
id="challenge-container"></div><script>AwsWafIntegration.saveReferrer();AwsWafIntegration.checkForceRefresh();</script>
</body></html>"""
AWS_BLOCK = b"""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=iso-8859-1">
<TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>403 ERROR</H1>Request blocked.</BODY></HTML>"""
ANUBIS = b"""<!doctype html><html lang="en"><head><title>Making sure you&#39;re not a bot!</title><link rel="stylesheet"
href="/.within.website/x/xess/xess.min.css?cachebuster=v1.24.0"><script id="anubis_version" type="application/json">
"v1.24.0"</script><script id="anubis_challenge" type="application/json">{"rules":{"algorithm":"fast"}}</script></head>
<body id="top"><main><h1 id="title" class="centered-div">Making sure you&#39;re not a bot!</h1></main></body></html>"""
GO_AWAY = b"""<!DOCTYPE html>\n<html>\n<head>\n    <title>Checking you are not a bot</title>\n    <link
rel="stylesheet" href="/.well-known/.git.gammaspectra.live/git/go-away/cmd/go-away/assets/static/anubis/style.css"/>
</head><body id="top"><p id="status">Loading challenge <em>js-refresh</em>...</p></body></html>"""
SITEGROUND = b"""<html><head><link rel="icon" href="data:;"><meta http-equiv="refresh"
content="0;/.well-known/sgcaptcha/?r=%2Ffeed%2F&y=ipr:192.0.2.1:1731"></meta></head></html>""".replace(
    b"\n", b" "
)
WORDFENCE = b"""<!DOCTYPE html><html><head><title>Your access to this site has been limited by the site owner</title>
</head><body><h1>Your access to this site has been limited by the site owner</h1><p class="generated small">
<em>Generated by Wordfence at Mon, 21 Apr 2025 20:13:38 GMT.</em></p></body></html>"""
BUNKERWEB = b"""<!DOCTYPE html><html lang="en"><head><title>Bot Detection</title><style>@font-face{font-family:Don
Jos\xc3\xa9;src:url(data:font/otf;base64,T1RU)}</style></head><body></body></html>""".replace(
    b"Don\n", b"Don "
)
BUNKERWEB_BLOCK = b"""<!DOCTYPE html><html lang="en"><head><title>403 - Forbidden</title></head><body><footer><p>This
website is protected with\n<a href="https://github.com/bunkerity/bunkerweb" target="_blank">BunkerWeb</a></p></footer>
</body></html>""".replace(b"This\nwebsite", b"This website")
CROWDSEC = b"""<!DOCTYPE html>\n<html lang="en">\n  <head>\n    <title>CrowdSec ReCaptcha</title></head><body><h1>
CrowdSec Captcha</h1><form action="" method="POST"></form></body></html>"""
CROWDSEC_BAN = b"""<!DOCTYPE html><html lang="en"><head><title>CrowdSec Ban</title></head><body><h1>CrowdSec Access
Forbidden</h1><p>You are unable to visit the website.</p></body></html>"""
VERCEL = b"""<!DOCTYPE html><html lang="en"><head><title>Vercel Security Checkpoint</title></head><body><p>We're
verifying your browser</p></body></html>"""
KASADA = b"""<!DOCTYPE html>\n<html>\n<head></head>\n<body>\n<script>window.KPSDK={};KPSDK.now=Date.now.bind(Date);
</script>\n<script src="/149e9513-01fa-4fb0-aad4-566afd725d1b/2d206a39-8ed7-437e-a3be-862e0f06eea3/ips.js?x=1">
</script></body></html>"""
GOOGLE = b"""<html><head><title>https://www.google.com/url?q=x</title></head><body><form id="captcha-form" action="index"
method="post"></form>Our systems have detected unusual traffic from your computer network. This page checks to see if
it's really you sending the requests, and not a robot.</body></html>"""
IMUNIFY = b"""<!DOCTYPE html><html><head><title>One moment, please...</title></head><body><h1>Please wait while your
request is being verified...</h1><form id="wsidchk-form" style="display:none;" action="/z0f76a1d14fd21a8fb5fd0d03e0f"
method="GET"><input type="hidden" id="wsidchk" name="wsidchk"/></form></body></html>"""
IMUNIFY_JSON = b'{"message": "Access denied by Imunify360 bot-protection. IPs used for automation should be whitelisted"}'
TESTCOOKIE = b"""<html><body><script type="text/javascript" src="/aes.js" ></script><script>function toNumbers(d){var
e=[];d.replace(/(..)/g,function(d){e.push(parseInt(d,16))});return e}var a=toNumbers("f655"),b=toNumbers("9834"),
c=toNumbers("a9c4");document.cookie="__test="+toHex(slowAES.decrypt(c,2,a,b))+"; path=/";</script></body></html>"""

CHALLENGES = [
    pytest.param("Cloudflare", {403, 503, 200}, CLOUDFLARE, id="cloudflare-challenge"),
    pytest.param("Cloudflare", {403, 503, 200}, CLOUDFLARE_BLOCK, id="cloudflare-block"),
    pytest.param("Cloudflare", {403}, CLOUDFLARE_1020, id="cloudflare-1020"),
    pytest.param("Sucuri", {200, 403}, SUCURI, id="sucuri-cookie"),
    pytest.param("Sucuri", {200, 403}, SUCURI_BLOCK, id="sucuri-block"),
    pytest.param("DDoS-Guard", {200, 403}, DDOS_GUARD, id="ddos-guard"),
    pytest.param("Imperva", {200, 403}, IMPERVA_FRAME, id="imperva-frame"),
    pytest.param("Imperva", {200, 403}, IMPERVA_SCRIPT, id="imperva-script"),
    pytest.param("Imperva", {200, 405}, IMPERVA_REESE, id="imperva-reese"),
    pytest.param("Akamai", {403}, AKAMAI_BLOCK, id="akamai-block"),
    pytest.param("Akamai", {200, 428}, AKAMAI_CHALLENGE, id="akamai-challenge"),
    pytest.param("Akamai", {200}, AKAMAI_VERIFY, id="akamai-verify"),
    pytest.param("DataDome", {401, 403}, DATADOME, id="datadome"),
    pytest.param("HUMAN", {200, 403, 429}, HUMAN, id="human"),
    pytest.param("AWS WAF", {200, 202}, AWS, id="aws-challenge"),
    pytest.param("AWS WAF", {403}, AWS_BLOCK, id="aws-block"),
    pytest.param("Anubis", {200, 401, 403}, ANUBIS, id="anubis"),
    pytest.param("go-away", {200, 418}, GO_AWAY, id="go-away"),
    pytest.param("SiteGround", {200, 202}, SITEGROUND, id="siteground"),
    pytest.param("Wordfence", {403, 503}, WORDFENCE, id="wordfence"),
    pytest.param("BunkerWeb", {200, 403}, BUNKERWEB, id="bunkerweb-challenge"),
    pytest.param("BunkerWeb", {403}, BUNKERWEB_BLOCK, id="bunkerweb-block"),
    pytest.param("CrowdSec", {200, 403}, CROWDSEC, id="crowdsec-captcha"),
    pytest.param("CrowdSec", {403}, CROWDSEC_BAN, id="crowdsec-ban"),
    pytest.param("Vercel", {200, 403, 429}, VERCEL, id="vercel"),
    pytest.param("Kasada", {200, 429}, KASADA, id="kasada"),
    pytest.param("Google", {429, 503}, GOOGLE, id="google-sorry"),
    pytest.param("Imunify360", {200, 403}, IMUNIFY, id="imunify360"),
    pytest.param("Imunify360", {200, 403}, IMUNIFY_JSON, id="imunify360-json"),
    pytest.param("testcookie", {200, 403}, TESTCOOKIE, id="testcookie"),
]


@pytest.mark.parametrize(("name", "statuses", "body"), CHALLENGES)
def test_a_challenge_is_known_by_its_body(name: str, statuses: set[int], body: bytes) -> None:
    assert {challenge_of(status, HTML, body) for status in statuses} == {name}
    assert {challenge_of(status, {}, body) for status in statuses} == {name}, "no type said"
    assert {challenge_of(status, HTML, body.upper()) for status in statuses} == {name}


@pytest.mark.parametrize(("name", "statuses", "body"), CHALLENGES)
def test_what_is_no_page_is_no_challenge(name: str, statuses: set[int], body: bytes) -> None:
    for status in statuses:
        assert challenge_of(status, {"content-type": "audio/mpeg"}, body) is None


@pytest.mark.parametrize(
    ("name", "header", "value"),
    [
        ("Cloudflare", "Cf-Mitigated", "challenge"),
        ("Cloudflare", "CF-MITIGATED", " Challenge "),
        ("AWS WAF", "x-amzn-waf-action", "challenge"),
        ("AWS WAF", "x-amzn-waf-action", "captcha"),
        ("SiteGround", "SG-Captcha", "challenge"),
        ("Vercel", "X-Vercel-Mitigated", "challenge"),
        ("Vercel", "X-Vercel-Mitigated", "deny"),
        ("DataDome", "X-DD-B", "1"),
        (None, "X-DataDome", "protected"),
        (None, "X-DD-B", "0"),
        (None, "Cf-Mitigated", "none"),
        (None, "Server", "cloudflare"),
        (None, "x-iinfo", "21-162848-162850 NNYN CT(375 240 0)"),
        (None, "X-Sucuri-ID", "19002"),
    ],
)
@pytest.mark.parametrize("status", [200, 202, 403, 429, 503])
def test_some_headers_say_it_without_the_body(name: str | None, header: str, value: str, status: int) -> None:
    assert challenge_of(status, CIMultiDict({header: value}), b"") == name


def page(head: str = "", body: str = "", title: str = "New music | A Blog") -> bytes:
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
    <link rel="canonical" href="https://blog.example/post/">{head}</head><body><article><h1>Post</h1>
    <p>Genre: Deep House</p>{body}</article></body></html>""".encode()


LISTING = """<pre><code>&lt;title&gt;Just a moment...&lt;/title&gt; window._cf_chl_opt={cvId:'3'};
sucuri_cloudproxy_js='' /_Incapsula_Resource?SWJIYLWA=1 id="px-captcha" slowAES.decrypt(c,2,a,b)
AwsWafIntegration.checkForceRefresh() anubis_challenge window.KPSDK={} sec-if-cpt-container</code></pre>"""
JSD = """<script>(function(){window.__CF$cv$params={r:'8f00',t:'MTcw'};var a=document.createElement('script');
a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js';}());</script>"""


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(page(), id="a post"),
        pytest.param(page(body=LISTING), id="a post about challenges, with a listing"),
        pytest.param(page(title="Just a moment..."), id="a track of that name"),
        pytest.param(
            page(title="Access Denied", body="You don't have permission to access my mind"), id="a track"
        ),
        pytest.param(page(title="Bot Detection"), id="a release of that name"),
        pytest.param(page(title="One moment, please..."), id="another one"),
        pytest.param(page(head=JSD), id="javascript detections of Cloudflare"),
        pytest.param(
            page(
                head='<script src="https://challenges.cloudflare.com/turnstile/v0/api.js" async></script>',
                body='<form id="commentform"><div class="cf-turnstile" data-sitekey="0x4A"></div></form>',
            ),
            id="a comment form with Turnstile",
        ),
        pytest.param(page(head='<script src="https://js.hcaptcha.com/1/api.js"></script>'), id="hCaptcha"),
        pytest.param(
            page(
                head='<script src="/cdn-cgi/scripts/7d0fa10a/cloudflare-static/rocket-loader.min.js"></script>'
            ),
            id="rocket-loader",
        ),
        pytest.param(
            page(
                body='<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="5f">[email]</a>'
            ),
            id="email-protection",
        ),
        pytest.param(
            page(head='<script src="https://cdn.jsdelivr.net/cdn-cgi/trace/x.js"></script>'), id="jsdelivr"
        ),
        pytest.param(
            page(
                body='<script src="/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3"></script>'
            ),
            id="the script that Imperva puts on every page",
        ),
        pytest.param(page(head="<script>window._pxAppId='PX1';</script>"), id="the sensor of HUMAN"),
        pytest.param(page(head="<script>bmak.form_submit()</script>"), id="the sensor of Akamai"),
        pytest.param(
            page(head='<script src="https://js.datadome.co/tags.js"></script>'), id="DataDome's sensor"
        ),
        pytest.param(IMPERVA_FRAME + b"<p>words of a page" * 1000, id="a long page that frames such a one"),
        pytest.param(b"", id="empty"),
        pytest.param(b"<title>", id="a title that does not end"),
        pytest.param(b"<title></title>", id="a title of nothing"),
        pytest.param(b"\xff\xfe\x00" * 400, id="no text"),
    ],
)
@pytest.mark.parametrize("status", [200, 404, 500])
def test_an_ordinary_page_is_no_challenge(status: int, body: bytes) -> None:
    assert challenge_of(status, HTML, body) is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(page(head=JSD, title="Forbidden"), id="javascript detections on an error page"),
        pytest.param(page(body='<div class="cf-turnstile"></div>', title="Log in"), id="a login form"),
        pytest.param(b"<html><head><title>403 Forbidden</title></head><body>nginx</body></html>", id="nginx"),
        pytest.param(
            b"<title>Access Denied</title><p>You don't have permission to access this.", id="plain words"
        ),
        pytest.param(b"error code: 1015", id="Cloudflare asks for patience"),
        pytest.param(
            b'{"code":"rest_forbidden","message":"Sorry, you are not allowed."}', id="WordPress REST"
        ),
    ],
)
@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_an_honest_refusal_is_no_challenge(status: int, body: bytes) -> None:
    assert challenge_of(status, HTML, body) is None


def test_the_line_for_programs_is_known_where_it_is_refused() -> None:
    plain = {"content-type": "text/plain; charset=UTF-8"}
    assert challenge_of(403, plain, b"error code: 1020") == "Cloudflare"
    assert challenge_of(200, plain, b"error code: 1020") is None


def test_no_page_of_a_blog_is_a_challenge_even_where_it_is_refused() -> None:
    pages = [path.read_bytes()[:START_BYTES] for path in BLOG.rglob("*.html")]
    assert len(pages) > 100
    assert {challenge_of(status, HTML, body) for status in (200, 403, 503) for body in pages} == {None}


def test_what_is_behind_the_start_is_not_looked_at() -> None:
    assert challenge_of(403, HTML, b"x" * START_BYTES + WORDFENCE) is None


@pytest.mark.parametrize(
    ("status", "kind", "worth"),
    [
        (403, "text/html", True),
        (429, "TEXT/HTML;charset=x", True),
        (503, "text/plain", True),
        (202, "", True),
        (401, "application/json", True),
        (403, "audio/mpeg", False),
        (403, "application/rss+xml", False),
        (404, "text/html", False),
        (410, "text/html", False),
        (500, "text/html", False),
        (200, "text/html", False),
    ],
)
def test_the_body_is_worth_reading_where_a_service_may_have_refused(
    status: int, kind: str, *, worth: bool
) -> None:
    assert may_be_challenge(status, {"content-type": kind} if kind else {}) is worth


@settings(deadline=None, max_examples=200)
@given(
    st.integers(100, 599),
    st.binary(max_size=300),
    st.dictionaries(st.text(max_size=20), st.text(max_size=20)),
)
def test_any_answer_is_judged(status: int, start: bytes, headers: dict[str, str]) -> None:
    assert challenge_of(status, headers, start) is None
