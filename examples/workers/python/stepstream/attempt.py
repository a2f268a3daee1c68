"""What a function sees of the attempt that it carries out, and how it says that it failed."""

import threading


class TaskFailed(Exception):
    """The task failed. Retry and Catch of the state machine match on the error's name."""

    def __init__(self, error, cause=None):
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause


class Attempt:
    """One attempt of a Task state."""

    def __init__(self, order):
        self.execution_arn = order["executionArn"]
        self.state_name = order["stateName"]
        self.retry_count = order["retryCount"]
        self.task_token = order["taskToken"]
        self.deadline = order["deadline"]
        #: The same attempt delivered twice has the same key, a retry has another.
        self.idempotency_key = f"{self.execution_arn}#{order['frameId']}#{order['epoch']}"
        #: Set when the worker is about to stop: a long task that can be repeated should end early.
        self.draining = threading.Event()
        self._own = False
        self._wanted = False

    def heartbeat(self):
        """Tells of progress. Until the first call the worker beats for the function; then only calls count."""
        self._own = True
        self._wanted = True

    def take_due_beat(self, due):
        """True if a heartbeat is to be sent; due: one of the worker's own is."""
        wanted = self._wanted if self._own else due
        self._wanted = False
        return wanted
