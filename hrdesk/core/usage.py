"""What a run consumed: tokens as the model's server reports them, and what they cost."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

PER_TOKENS = 1_000_000  # prices are per million tokens, as providers print them


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts of one run; all zero where no language model was asked."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0

    @property
    def total_tokens(self) -> int:
        """Input and output together; cached and reasoning tokens are parts of them."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
        )


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs: `currency` per million tokens of each kind, as of a day.

    `window` is the model's context in tokens, 0 where unknown; `regional` the factor for data residency.
    `own` marks a price the user typed in.
    """

    model: str
    input: Decimal
    output: Decimal
    cached: Decimal
    as_of: date
    window: int = 0
    currency: str = "USD"
    own: bool = False
    regional: Decimal = Decimal(1)

    def cost(self, usage: Usage, *, in_region: bool = False) -> Decimal:
        """Return what `usage` costs. Cached tokens are a part of the input, reasoning of the output."""
        fresh = max(0, usage.input_tokens - usage.cached_tokens)
        parts = fresh * self.input + usage.cached_tokens * self.cached + usage.output_tokens * self.output
        return parts / PER_TOKENS * (self.regional if in_region else 1)


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens and money over some runs. `unpriced_tokens` belong to models without a known price."""

    usage: Usage = Usage()
    cost: Decimal = Decimal(0)
    unpriced_tokens: int = 0
    runs: int = 0
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit for a calendar month; None is no limit. A warning comes from `warn_at` of it on."""

    amount: Decimal | None = None
    warn_at: float = 0.8


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the next question would consume, before it is sent. `cost` is None for an unknown price.

    `words` say it in short ("about 0.02 USD", "about 3,100 tokens", "nothing is sent").
    """

    usage: Usage
    cost: Decimal | None
    words: str


@dataclass(frozen=True, slots=True)
class ContextMeter:
    """How much of a thread the next question sends. `share` is of what may be sent (0..1).

    `left_out` is the number of earlier messages that are not sent any more; `words` say it all.
    """

    tokens: int
    limit: int
    share: float
    left_out: int
    words: str
