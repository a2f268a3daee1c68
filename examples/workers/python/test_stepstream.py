"""What needs no broker: python3 -m unittest."""

import json
import unittest

from main import SCHEMAS
from stepstream import Attempt, TaskFailed
from stepstream.invocation import invoke
from stepstream.wire import Branch, Unreadable, Wire

INVOKE = "arn:aws:states:::lambda:invoke"


def order(resource="arn:aws:lambda:us-east-1:000000000000:function:f", function="f", given=None):
    return {
        "executionArn": "arn:e",
        "stateName": "S",
        "resource": resource,
        "function": function,
        "frameId": 1,
        "epoch": 2,
        "retryCount": 0,
        "deadline": None,
        "taskToken": None,
        "input": json.dumps(given if given is not None else {}).encode(),
    }


def answer(an_order, function=lambda given, _: given):
    body = invoke({"f": function}, an_order, Attempt(an_order))
    return body.fullname.rpartition(".")[2], body.fields


class InvocationTest(unittest.TestCase):
    def test_should_give_a_function_its_input(self):
        self.assertEqual(answer(order(given={"n": "é"})), ("TaskSucceeded", {"output": '{"n":"é"}'.encode()}))

    def test_should_give_an_invoked_function_its_payload(self):
        for payload, seen in [({"n": 1}, {"n": 1}), ('{"n":1}', {"n": 1}), ("[2]", [2])]:
            kind, fields = answer(order(INVOKE, given={"FunctionName": "f", "Payload": payload}))
            self.assertEqual(kind, "TaskSucceeded")
            self.assertEqual(json.loads(fields["output"])["Payload"], seen)
        _, fields = answer(order(INVOKE, function=None, given={"FunctionName": "f"}))
        self.assertEqual(json.loads(fields["output"])["Payload"], {})

    def test_should_leave_the_end_to_the_token(self):
        self.assertEqual(answer(order(INVOKE + ".waitForTaskToken"))[0], "TaskSubmitted")

    def test_should_fail_with_what_a_function_says(self):
        def declines(*_):
            raise TaskFailed("Declined", "no money")

        self.assertEqual(answer(order(), declines), ("TaskFailed", {"error": "Declined", "cause": "no money"}))

    def test_should_fail_without_the_function_or_with_too_much(self):
        self.assertEqual(answer(order(function="g"))[1]["error"], "Lambda.ResourceNotFoundException")
        kind, fields = answer(order(), lambda *_: "x" * 262_143)
        self.assertEqual((kind, fields["error"]), ("TaskFailed", "States.DataLimitExceeded"))
        self.assertEqual(answer(order(), lambda *_: "x" * 262_142)[0], "TaskSucceeded")

    def test_should_beat_for_a_function_until_it_beats_itself(self):
        attempt = Attempt(order())
        self.assertTrue(attempt.take_due_beat(True))
        self.assertFalse(attempt.take_due_beat(False))
        attempt.heartbeat()
        self.assertTrue(attempt.take_due_beat(False))
        self.assertFalse(attempt.take_due_beat(True))


class WireTest(unittest.TestCase):
    wire = Wire(SCHEMAS)

    def envelope(self, body):
        return {
            "executionArn": "arn:e",
            "generation": 1,
            "frameId": 1 << 40,
            "epoch": 2,
            "seq": 0,
            "replyTo": None,
            "body": body,
        }

    def test_should_write_the_record_that_it_is_told(self):
        succeeded = self.wire.encode("Envelope", self.envelope(Branch("TaskSucceeded", {"output": b"1"})))
        submitted = self.wire.encode("Envelope", self.envelope(Branch("TaskSubmitted", {"output": b"1"})))

        self.assertNotEqual(succeeded, submitted)
        self.assertEqual(self.wire.decode("Envelope", submitted)["body"]["output"], b"1")
        self.assertEqual(self.wire.decode("Envelope", submitted)["frameId"], 1 << 40)

    def test_should_refuse_what_is_no_order(self):
        other = self.wire.encode("Envelope", self.envelope(Branch("TaskSucceeded", {"output": b"1"})))
        no_fields = bytes.fromhex("0053540002")
        for value in [None, b"", b"\x00\x00", b"\x01" + other[1:], b"\x00\x00\x00\x00\x07x", other, no_fields]:
            with self.assertRaises(Unreadable):
                self.wire.decode("TaskOrder", value)


if __name__ == "__main__":
    unittest.main()
