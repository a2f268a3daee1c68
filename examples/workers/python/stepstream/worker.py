"""Takes orders from a queue in a consumer group, runs their functions, publishes the results, commits."""

import logging
import signal
import socket
import threading
import time
from concurrent.futures import Future
from datetime import datetime, timezone
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from .attempt import Attempt
from .invocation import invoke
from .wire import Branch, Unreadable, Wire

LOG = logging.getLogger("stepstream")
ANNOUNCE_SECONDS = 30
DRAIN_SECONDS = 25
IDLE_POLL_SECONDS = 0.1
BUSY_POLL_SECONDS = 0.005
QUEUE_SETTINGS = {"cleanup.policy": "delete", "retention.ms": str(30 * 86_400_000), "max.message.bytes": "1048576"}


class _Task:
    """An order that was taken and is not settled. Confined to the thread of run(), but for its future."""

    def __init__(self, message, order=None, attempt=None):
        self.message = message
        self.order = order
        self.attempt = attempt
        self.future: Any = None
        self.published = False
        self.next_beat = 0.0


class Worker:
    """One queue, one order of each of its partitions at a time.

    An order's offset is committed when the broker has acknowledged its result, so an order is carried out at least
    once: a worker that dies in between leaves it to the next. Results of an attempt are told apart by the coordinator,
    so a second one does no harm; what the function does besides is its own matter (Attempt.idempotency_key).
    """

    def __init__(self, bootstrap_servers, queue, functions, schemas, pool="python", queue_partitions=4):
        """functions: name -> function(input, attempt), which returns what json.dumps takes."""
        self._queue = queue
        self._topic = f"stepstream.tasks.{queue}"
        self._pool = pool
        self._functions = functions
        self._wire = Wire(schemas)
        self._bootstrap = bootstrap_servers
        self._id = f"{pool}@{socket.gethostname()}"
        self._partitions = queue_partitions
        self._tasks = {}  # partition -> _Task
        self._stop = threading.Event()
        self._producer = Producer(
            {"bootstrap.servers": bootstrap_servers, "enable.idempotence": True, "linger.ms": 0}
        )
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap_servers,
                # All workers of a queue compete in this group; under another one each order would run twice.
                "group.id": f"stepstream.workers.{queue}",
                # A worker that was killed is missed after it, and its orders go to the others.
                "session.timeout.ms": 10_000,
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                # Orders of an aborted transaction were never given; orders from before the first worker count.
                "isolation.level": "read_committed",
                "auto.offset.reset": "earliest",
            }
        )

    def stop(self, *_):
        """Ends run() when what runs has ended. May be called from a signal handler or another thread."""
        self._stop.set()

    def run(self):
        """Works until SIGTERM, SIGINT or stop()."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        self._create_queue()
        self._consumer.subscribe([self._topic], on_revoke=self._revoked, on_lost=self._revoked)
        try:
            next_announcement = 0.0
            while not self._stop.is_set():
                if time.monotonic() >= next_announcement:
                    self._announce()
                    next_announcement = time.monotonic() + ANNOUNCE_SECONDS
                self._take()
                self._tend()
            self._drain()
        finally:
            self._consumer.close()
            self._producer.flush(5)

    def _take(self):
        message = self._consumer.poll(BUSY_POLL_SECONDS if self._tasks else IDLE_POLL_SECONDS)
        if message is None:
            return
        if message.error():
            LOG.warning("Kafka: %s", message.error())
            return
        # The partition rests until this order is settled, so its offset is the only one to commit. The loop goes on
        # polling meanwhile: a long task doesn't cost the worker its place in the group.
        self._consumer.pause([_place(message)])
        try:
            order = self._wire.decode("TaskOrder", message.value())
        except Unreadable as e:
            self._tasks[message.partition()] = _Task(message)
            self._dead_letter(message, str(e))
            return
        task = _Task(message, order, Attempt(order))
        self._tasks[message.partition()] = task
        deadline = order["deadline"]
        if deadline is not None and deadline < datetime.now(timezone.utc):
            self._settle(task)  # nobody waits any more
            return
        if order["heartbeatSeconds"]:
            task.next_beat = time.monotonic() + order["heartbeatSeconds"] / 3
        LOG.info("%s: begins", task.attempt.idempotency_key)
        task.future = Future()
        # A daemon, because a function that hangs must not keep a worker that was told to end.
        threading.Thread(target=self._carry_out, args=[task], daemon=True).start()

    def _carry_out(self, task):
        task.future.set_result(invoke(self._functions, task.order, task.attempt))

    def _tend(self):
        self._producer.poll(0)
        for task in list(self._tasks.values()):
            if task.future is None or task.published:
                continue
            if task.future.done():
                task.published = True
                self._answer(task, task.future.result())
            else:
                self._beat(task)

    def _answer(self, task, body):
        LOG.info("%s: %s", task.attempt.idempotency_key, body.fullname.rpartition(".")[2])
        self._send(task.order, body, lambda error, _: self._acknowledged(task, error))

    def _beat(self, task):
        seconds = task.order["heartbeatSeconds"]
        if seconds and task.attempt.take_due_beat(time.monotonic() >= task.next_beat):
            task.next_beat = time.monotonic() + seconds / 3
            # A lost one is not sent again: the next is on its way.
            self._send(task.order, Branch("TaskHeartbeat", {"workerId": self._id}), lambda *_: None)

    def _send(self, order, body, on_delivery):
        envelope = {
            "executionArn": order["executionArn"],
            "generation": 1,
            "frameId": order["frameId"],
            "epoch": order["epoch"],
            "seq": 0,
            "replyTo": None,
            "body": body,
        }
        self._producer.produce(
            order["inboxTopic"],
            key=order["executionArn"].encode(),
            # Not the partitioner's choice: the execution lives in this partition.
            partition=order["inboxPartition"],
            value=self._wire.encode("Envelope", envelope),
            on_delivery=on_delivery,
        )

    def _acknowledged(self, task, error):
        if error is None:
            self._settle(task)
        else:
            LOG.warning("A result was not published (%s); its order will be carried out again.", error)
            self._release(task)

    def _settle(self, task):
        if self._forget(task):
            message = task.message
            place = TopicPartition(message.topic(), message.partition(), message.offset() + 1)
            try:
                self._consumer.commit(offsets=[place], asynchronous=False)
            except KafkaException as e:  # another worker has the partition now, and the order again
                LOG.warning("Not committed: %s", e)
            self._consumer.resume([_place(message)])

    def _release(self, task):
        if self._forget(task):
            self._consumer.seek(_place(task.message))
            self._consumer.resume([_place(task.message)])

    def _forget(self, task):
        """False if the partition has been taken away meanwhile; then nothing of it is ours to commit."""
        partition = task.message.partition()
        if self._tasks.get(partition) is not task:
            return False
        del self._tasks[partition]
        return True

    def _revoked(self, _, partitions):
        # What runs goes on, and its result counts if it is the first; the partition's next owner has the order too.
        for place in partitions:
            task = self._tasks.pop(place.partition, None)
            if task is not None and task.future is not None and not task.published:
                task.published = True
                task.future.add_done_callback(lambda future, task=task: self._answer(task, future.result()))

    def _dead_letter(self, message, reason):
        LOG.warning("The order at %s goes to the dead letters: %s", _place(message), reason)
        headers = dict(message.headers() or [])
        headers.update(
            {
                "stepstream.dlq.reason": reason,
                "stepstream.dlq.component": "worker",
                "stepstream.dlq.topic": message.topic(),
                "stepstream.dlq.partition": str(message.partition()),
                "stepstream.dlq.offset": str(message.offset()),
                "stepstream.dlq.timestamp": str(message.timestamp()[1]),
            }
        )
        task = self._tasks[message.partition()]
        self._producer.produce(
            "stepstream.dlq",
            key=message.key(),
            value=message.value(),
            headers=list(headers.items()),
            on_delivery=lambda error, _: self._acknowledged(task, error),
        )

    def _announce(self):
        """Tells coordinators which functions are served on which queue; nothing is taken back at the end."""
        announcement = {
            "pool": self._pool,
            "queue": self._queue,
            "handlers": sorted(self._functions),
            "version": "python",
            "lastSeen": datetime.now(timezone.utc),
        }
        self._producer.produce(
            "stepstream.workers",
            key=f"{self._pool}/{self._queue}".encode(),
            value=self._wire.encode("WorkerAnnouncement", announcement),
        )

    def _create_queue(self):
        topic = NewTopic(self._topic, self._partitions, -1, config=QUEUE_SETTINGS)
        admin = AdminClient({"bootstrap.servers": self._bootstrap})
        try:
            admin.create_topics([topic])[self._topic].result()
        except KafkaException as e:
            if e.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise

    def _drain(self):
        """What runs ends and is answered; what doesn't in time is left to another worker."""
        if self._tasks:
            self._consumer.pause(self._consumer.assignment())
        for task in self._tasks.values():
            if task.attempt is not None:
                task.attempt.draining.set()
        end = time.monotonic() + DRAIN_SECONDS
        while self._tasks and time.monotonic() < end:
            self._consumer.poll(BUSY_POLL_SECONDS)
            self._tend()


def _place(message):
    return TopicPartition(message.topic(), message.partition(), message.offset())
