"""Makes the request of a run: the assistant's version, its tools, as much of the thread as may be sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from hrdesk.core.assistants import AssistantProfile
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.errors import HrdeskError
from hrdesk.core.runs import Run, RunRequest, RunStatus
from hrdesk.core.threads import Message
from hrdesk.core.usage import Estimate
from hrdesk.services.context import LOOKUP_CHARACTERS, fitting
from hrdesk.services.costs import CostService
from hrdesk.services.profiles import ProfileService


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what terms a question is asked: who answers, as which version of the assistant, which model."""

    connection: Connection
    profile: AssistantProfile

    @property
    def model(self) -> str:
        """The model: the assistant's own choice, else the connection's."""
        return self.profile.model or self.connection.model

    def check(self) -> None:
        """Raise `HrdeskError` where nobody could answer."""
        if not self.connection.is_local and not self.model:
            raise HrdeskError(
                f"No model is chosen for {self.connection.title}.",
                "Choose one under Settings, then ask again.",
            )

    def pin(self, run: Run) -> Run:
        """Return the run with everything it pins."""
        return replace(
            run,
            connection=self.connection.name,
            profile=self.profile.version,
            model="" if self.connection.is_local else self.model,
            host=self.connection.host,
            region=self.connection.region,
            stored=self.connection.store or self.connection.kind is ConnectionKind.ASSISTANTS,
        )


class Requests:
    """Makes requests, and estimates them before they are sent."""

    def __init__(self, profiles: ProfileService, costs: CostService) -> None:
        self._profiles = profiles
        self._costs = costs

    async def terms(self, connection: Connection) -> Terms:
        """Return the terms that hold now."""
        return Terms(connection, await self._profiles.current())

    async def estimate(self, terms: Terms, earlier: Sequence[Message], text: str) -> Estimate:
        """Estimate what a question would consume."""
        sent = fitting(earlier, terms.connection.context_tokens)
        characters = sum(len(message.text) for message in sent) + 2 * len(text)
        # The transcript and the instructions go twice: to ask for the lookup, and with its passages.
        characters = 2 * (characters + len(terms.profile.instructions)) + LOOKUP_CHARACTERS
        return self._costs.estimate(terms.connection, terms.model, characters)

    async def make(
        self,
        run: Run,
        terms: Terms,
        messages: Sequence[Message],
        before: Run | None,
        *,
        as_of: date | None = None,
        scope: str | None = None,
    ) -> RunRequest:
        """Return the request of `run`; `before` is the run before it in the thread."""
        remote = _remote_thread(before, terms.connection)
        is_whole = terms.connection.is_local or bool(remote)  # nothing is sent, or only what is new
        sent = tuple(messages) if is_whole else fitting(messages, terms.connection.context_tokens)
        return RunRequest(
            run.id,
            run.thread_id,
            sent,
            terms.profile.instructions,
            await self._profiles.specs(terms.profile),
            model="" if terms.connection.is_local else terms.model,
            as_of=as_of,
            scope=scope,
            remote_thread=remote,
            known_messages=len(messages) - 1 if remote else 0,
            profile=terms.profile.version,
            assistant=terms.profile.name,
        )

    async def again(self, run: Run, connection: Connection, messages: Sequence[Message]) -> RunRequest:
        """Return the request of a run that an earlier start left, with the version it pinned."""
        terms = Terms(connection, await self._profiles.version(run.profile))
        request = await self.make(run, terms, messages, None)
        return replace(
            request,
            model=run.model or request.model,
            remote_thread=run.remote_thread,
            known_messages=len(request.messages),
        )


def _remote_thread(before: Run | None, connection: Connection) -> str:
    """Return the server's thread that knows all that was said so far, empty where none does."""
    if before is None or before.connection != connection.name or before.host != connection.host:
        return ""
    return before.remote_thread if before.status is RunStatus.COMPLETED else ""
