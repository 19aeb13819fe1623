"""What is shown of a line: the App Home, and the answers of the slash command.

https://docs.slack.dev/surfaces/app-home
"""

from collections.abc import Iterator
from datetime import datetime

from bot.domain.desk import HandoffRow
from bot.domain.front import FrontPage
from bot.domain.oncall import Duty
from channels.slack.mrkdwn import escaped, shortened
from channels.slack.outbound import Json

COMMAND = "/careline"
HELP = (
    f"`{COMMAND} ask` and your question: I answer in our direct message\n"
    f"`{COMMAND} status`: your requests that are with people\n"
    f"`{COMMAND} oncall`: who is on call now\n"
    f"`{COMMAND} help`: this list\n"
    "You may also write to me directly, or mention me in a channel. Say *person* for a person."
)
NO_LINE = (
    "This workspace is connected, but no line has its address: whoever runs Careline adds "
    "`slack:{team}` to the `addresses` of one."
)
AWAY = "That cannot be looked up just now. Try again in a minute."
_MOST, _SUMMARY = 20, 300


def home(page: FrontPage | None, team: str) -> Json:
    """The view of the Home tab, for `views.publish`."""
    blocks = list(_home(page)) if page else [_section(NO_LINE.format(team=escaped(team)))]
    return {"type": "home", "blocks": blocks}


def status(page: FrontPage) -> str:
    """The requests of whoever asks, as mrkdwn."""
    if not page.requests:
        return "You have no open request with a person."
    shown = [_request(row) for row in page.requests[:_MOST]]
    left = len(page.requests) - len(shown)
    return "\n".join([*shown, *([f"… and {left} more"] if left else [])])


def oncall(duty: Duty) -> str:
    """Who is on call, as mrkdwn; times are shown by each reader's own clock."""
    names = ", ".join(escaped(on.person.name) for on in duty.people)
    now = f"On call now: *{names}*" if names else "Nobody is on call now."
    if duty.changes_at is None or not duty.then:
        return now
    after = ", ".join(escaped(on.person.name) for on in duty.then)
    return f"{now}\nFrom {_when(duty.changes_at)}: {after}"


def _home(page: FrontPage) -> Iterator[Json]:
    yield _header(f"Ask {page.title}")
    yield _section(
        "I am an assistant. Write to me in *Messages*, or mention me in a channel; I answer from "
        "approved articles, and call a person when one is needed."
    )
    if page.prompts:
        yield _section("\n".join(f"• {escaped(one)}" for one in page.prompts))
    yield {"type": "divider"}
    yield _header("Your open requests")
    yield _section(status(page))
    yield _header("On call")
    yield _section(oncall(page.duty))


def _request(row: HandoffRow) -> str:
    who = f"with {escaped(row.claimed_name)}" if row.claimed_name else "waiting for a person"
    what = escaped(shortened(" ".join(row.summary.split()) or "A request", _SUMMARY))
    return f"• {what}\n   _{who}, since {_when(row.opened_at)}_"


def _when(at: datetime) -> str:
    plain = f"{at:%Y-%m-%d %H:%M} UTC"
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{plain}>"


def _header(text: str) -> Json:
    return {"type": "header", "text": {"type": "plain_text", "text": shortened(text, 150)}}


def _section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": shortened(text, 3000)}}
