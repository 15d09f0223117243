"""What a user did that cannot be done, said so that he can mend it."""

from collections.abc import Iterable


class UserError(Exception):
    """A request that was wrong: the message says what, where, what was received and what to do (exit code 2)."""

    exit_code = 2


class WorkError(UserError):
    """A right request whose work failed, such as a full disk or an unreadable folder (exit code 1)."""

    exit_code = 1


def names_like(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean "x"?`` for the nearest known name, or an empty text when none is near."""
    from difflib import get_close_matches

    table = {name.lower(): name for name in known}
    low = word.lower()
    near = get_close_matches(low, table, n=1, cutoff=0.6)
    if not near and len(low) >= 3:
        near = sorted((name for name in table if name.startswith(low) or low.startswith(name)), key=len)[:1]
    return f'did you mean "{table[near[0]]}"?' if near else ""
