"""Replies of what stands before the instance: pages and texts that no API wrote (error-catalogue.md 6).

The texts are quoted from reports of clients; where a report cuts a page off, it ends here by closing what is open. None of
the quoted replies has a `Retry-After`.
"""

from __future__ import annotations

from sfmock.wire import Reply

HTML = "text/html"
_STRICT = '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">\n'


def page(status: int, text: str, *headers: tuple[str, str]) -> Reply:
    """A page of HTML."""
    return Reply(status, text, headers=headers, content_type=HTML, edge=True)


def bad_message(status: int, reason: str) -> Reply:
    """What Jetty answers to what it cannot read: a piece of HTML."""
    text = f"<h1>Bad Message {status}</h1><pre>reason: {reason}</pre>"
    return Reply(status, text, content_type="text/html;charset=iso-8859-1", edge=True)


MAINTENANCE = page(
    503,
    "<html>\n<body>\n<center>\n"
    '\t<table bgcolor="white" cellpadding="0" cellspacing="0" width="758">\n\t\t<tbody>\n\t\t<tr>\n'
    '\t\t\t<td><span style="font-family: Verdana; font-size: medium; font-weight: bold;">We are down for maintenance.'
    "</span><br><br>Sorry for the inconvenience. We'll be back shortly.</td><br>\n"
    "\t\t</tr>\n\t\t</tbody>\n\t</table>\n</center>\n</body>\n</html>\n",
)
INTERNAL_ERROR = page(
    500,
    "<html> <head><title>An internal server error has occurred</title></head> <body>"
    ' <div style="display:none;" id="errorTitle">An internal server error has occurred</div>'
    ' <div style="display:none;" id="errorDesc">An error has occurred while processing your request. The salesforce.com'
    " support team has been notified of the problem. If you believe you have additional information that may be of help"
    " in reproducing or correcting the error, please contact"
    ' <a href="/HelpAndTrainingDoor?version=2&resource=https://help.salesforce.com" target="_blank">Salesforce Support'
    "</a>. Please indicate the URL of the page you were requesting, any error id shown on this page as well as any other"
    " related information. We apologize for the inconvenience. <br/><br/>Thank you again for your patience and"
    " assistance. And thanks for using salesforce.com!</div> <table cellspacing=10> <tr><td>"
    '<span style="font-weight: bold; font-size: 12pt;">An internal server error has occurred</span></td></tr>'
    "</table></body></html>",
)
BAD_GATEWAY = page(
    502,
    "<!doctypehtml><html lang=en-US><meta charset=UTF-8><title>Error Page</title><style>/*! normalize.css v3.0.2 |"
    " MIT License | git.io/normalize */html{font-family:sans-serif;-ms-text-size-adjust:100%;"
    "-webkit-text-size-adjust:100%}body{margin:0}</style></html>",
)
GATEWAY_TIMEOUT = page(
    504, "<html><head><title>504 Gateway Time-out</title></head><body></body></html>"
)
"""No such reply is quoted anywhere: the page of a usual proxy."""
SETTING_UP = page(
    420,
    "<html><body>We are setting things up. This process can take a few minutes. This page will auto-refresh when ready."
    "</body></html>",
)
NO_ROUTE = Reply(420, content_type=None, edge=True)
NOT_ACCEPTABLE = Reply(406, content_type=None, edge=True)
CDN_UNAVAILABLE = page(
    503,
    "<html><body>Service Not Available. This error originated from Salesforce CDN partner</body></html>",
    ("Pragma", "no-cache"),
    ("Server", "AkamaiNetStorage"),
)
UPSTREAM_RESET = Reply(
    503,
    "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
    content_type="text/plain",
    edge=True,
)
NO_UPSTREAM = Reply(503, "no healthy upstream", content_type="text/plain", edge=True)
LOGIN_PAGE = page(
    200,
    f'{_STRICT}<html>\n<head>\n    <meta HTTP-EQUIV="PRAGMA" CONTENT="NO-CACHE">\n\n<script>\n'
    "if (this.SfdcApp && this.SfdcApp.projectOneNavigator) { SfdcApp.projectOneNavigator.handleRedirect('/login'); }  else \n"
    "if (window.location.replace){ \nwindow.location.replace('/login');\n} else {;\nwindow.location.href ='/login';\n} \n"
    "</script>\n\n</head>\n\n</html>",
)


def only_post(path: str) -> Reply:
    """What the SOAP door answers to everything but a POST (error-catalogue.md 6)."""
    text = (
        '<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>\n'
        "<title>Error 405 Only POST allowed</title>\n</head>\n<body><h2>HTTP ERROR 405</h2>\n"
        f"<p>Problem accessing {path}. Reason:\n<pre>    Only POST allowed</pre></p><hr /><br/></body></html>"
    )
    return page(405, text, ("Allow", "POST"))
