"""A user's own policy: loaded from a file, made anew for every replication, its mistakes told by file and line."""

import hashlib
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, NoReturn

from openiads.engine.picture import Orders, Picture, Policy
from openiads.errors import UserError

_OWN = str(Path(__file__).resolve().parents[1])
_MODULE = "openiads_policy"


@dataclass(frozen=True)
class Chosen:
    """A policy as it was asked for.

    Attributes
    ----------
    make : callable
        Makes the policy of one replication.
    name : str
        Of its file or class.
    digest : str
        SHA-256 of its file; empty for an object in memory.
    """

    make: Callable[[], Policy]
    name: str
    digest: str = ""
    text: str = ""

    def as_json(self) -> dict[str, str]:
        """Return what a run says about the policy that fought it."""
        return {"name": self.name, "digest": self.digest}


def chosen(policy: object) -> Chosen:
    """Return a policy given from Python: an object with ``decide``, or a class of such, which is made anew for every replication.

    Raises
    ------
    UserError : it has no ``decide``.
    """
    if isinstance(policy, Chosen):
        return policy
    if isinstance(policy, str | Path):
        return loaded(Path(policy))
    if not callable(getattr(policy, "decide", None)):
        raise UserError(f"policy: {type(policy).__name__} has no method decide; give an object with decide(picture) -> openiads.Orders")
    if isinstance(policy, type):
        return Chosen(lambda: _Watched(_made(policy)), policy.__name__)
    name = getattr(policy, "__name__", type(policy).__name__)
    return Chosen(lambda: _Watched(policy), name)


def loaded(file: Path) -> Chosen:
    """Return the policy of a file: its class ``Policy``, made anew for every replication, or its function ``decide``.

    Raises
    ------
    UserError : it cannot be read or run, or defines neither.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file}: the policy cannot be read ({getattr(error, 'strerror', None) or error}); name a Python file") from None
    module = ModuleType(_MODULE)
    module.__file__ = str(file)
    sys.modules[_MODULE] = module
    try:
        exec(compile(text, str(file), "exec"), module.__dict__)  # noqa: S102 - the user names this file on the command line
    except SyntaxError as error:
        raise UserError(f"{error.filename}:{error.lineno}:{error.offset}: {error.msg}; mend the policy") from None
    except Exception as error:
        _tell(error, "when it is loaded")
    made = getattr(module, "Policy", None)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if isinstance(made, type) and callable(getattr(made, "decide", None)):
        return Chosen(lambda: _Watched(_made(made)), file.name, digest, text)
    if callable(getattr(module, "decide", None)):
        return Chosen(lambda: _Watched(module), file.name, digest, text)
    raise UserError(f"{file}: defines neither a class Policy with decide(self, picture) nor a function decide(picture); add one")


class _Watched:
    """A policy whose mistakes are told by file and line."""

    def __init__(self, policy: Any) -> None:
        self._policy = policy

    def decide(self, picture: Picture) -> Orders:
        """Return the policy's orders, or say at which of its lines it failed."""
        try:
            found: Orders = self._policy.decide(picture)
        except UserError:
            raise
        except Exception as error:
            _tell(error, f"at {picture.time_s:g} s, deciding for {picture.decider}")
        return found


def _made(kind: type) -> Any:
    try:
        return kind()
    except Exception as error:
        _tell(error, "when it is made")


def _tell(error: Exception, when: str) -> NoReturn:
    said = str(error) or "no message"
    raise UserError(f"{_place(error.__traceback__)}: {type(error).__name__}: {said} ({when})") from None


def _place(trace: TracebackType | None) -> str:
    """File and line of the user's own innermost frame."""
    frames = [frame for frame in traceback.extract_tb(trace) if not str(Path(frame.filename).resolve()).startswith(_OWN)]
    own = [frame for frame in frames if "site-packages" not in frame.filename and not frame.filename.startswith("<")]
    found = (own or frames)[-1:]
    return f"{found[0].filename}:{found[0].lineno}" if found else "policy"
