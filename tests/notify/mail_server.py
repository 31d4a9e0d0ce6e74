"""A mail server (aiosmtpd) for one test, as good or as bad as the test wants it.

Reads one line of JSON from standard input: what it does. Prints its port, then every mail it takes as one line of
JSON, parsed by Python's own parser. Ends when standard input does.
"""
import asyncio
import email
import email.policy
import json
import logging
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def say(told):
    print(json.dumps(told), flush=True)


class Taker:
    """Takes mails and prints them."""

    def __init__(self, wanted):
        self.refused = wanted.get("refused", {})
        self.answer = wanted.get("answer")
        self.hang_up = wanted.get("hang_up", False)
        self.busy_first = wanted.get("busy_first", 0)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.hang_up:
            server.transport.abort()
            return "250 too late"
        if self.busy_first > 0:
            self.busy_first -= 1
            return "451 later"
        if self.answer:
            return self.answer
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "encrypted": server.transport.get_extra_info("sslcontext") is not None,
            "user": session.auth_data.login.decode() if session.authenticated else None,
            "headers": {name.lower(): str(value) for name, value in mail.items()},
            "kind": mail.get_content_type(),
            "parts": [part.get_content_type() for part in mail.iter_parts()],
            # Lines of a mail end as the standard says.
            "text": mail.get_body(("plain",)).get_content().replace("\r\n", "\n"),
            "html": html.get_content() if (html := mail.get_body(("html",))) else "",
            "defects": [str(defect) for part in mail.walk() for defect in part.defects],
            "is_ascii": envelope.content.isascii(),
        })
        return "250 taken"


def signs_in(wanted):
    def check(server, session, envelope, mechanism, data):
        known = (
            isinstance(data, LoginPassword)
            and data.login == wanted["user"].encode()
            and data.password == wanted["password"].encode()
        )
        return AuthResult(success=known, handled=False, auth_data=data)

    return check


async def main():
    # It warns of passwords in the clear, which are what some tests are about.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    wanted = json.loads(sys.stdin.readline())
    options = {"hostname": "mail.test", "enable_SMTPUTF8": wanted.get("utf8", False)}
    context = None
    if "certificate" in wanted:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(wanted["certificate"], wanted["key"])
    implicit = context if wanted.get("implicit") else None
    if context and not implicit:
        options |= {"tls_context": context, "require_starttls": wanted.get("strict", False)}
    if "user" in wanted:
        options |= {
            "authenticator": signs_in(wanted),
            "auth_required": True,
            "auth_require_tls": wanted.get("auth_needs_tls", False),
            "auth_exclude_mechanism": wanted.get("without", []),
        }
    taker = Taker(wanted)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(taker, loop=loop, **options), "127.0.0.1", 0, ssl=implicit)
    say(server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
