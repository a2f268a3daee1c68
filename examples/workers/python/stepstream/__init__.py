"""A worker of Stepstream in Python: see docs/workers-in-other-languages.md for the contract that it keeps."""

from .attempt import Attempt, TaskFailed
from .worker import Worker

__all__ = ["Attempt", "TaskFailed", "Worker"]
