"""What a user did that cannot be done, said so that he can mend it."""


class UserError(Exception):
    """A request that was wrong: the message says what, where, what was received and what to do (exit code 2)."""

    exit_code = 2


class WorkError(UserError):
    """A right request whose work failed, such as a full disk or an unreadable folder (exit code 1)."""

    exit_code = 1
