package io.stepstream.loadtests.core;

import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Limits;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.engine.StepContext;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.nio.charset.StandardCharsets;

/** Executions to be measured: their machines, starts and inputs. */
final class Runs {

  private static final long START_MILLIS = 1_800_000_000_000L;

  /** What every step is told. */
  static final StepContext CONTEXT =
      new StepContext(
          START_MILLIS, "us-east-1", Limits.DEFAULT, TaskTokens.unprotected(), _ -> true);

  /** A payload of the usual size: about 500 bytes. */
  static final String ORDER =
      """
      {"orderId":"ORD-2026-000417","check":{"valid":true,"totalCents":18497},\
      "lines":[{"sku":"KB-87-ISO","quantity":1,"cents":12999,"name":"Keyboard, 87 keys, ISO"},\
      {"sku":"MS-3-BLK","quantity":1,"cents":3499,"name":"Mouse, three buttons, black"},\
      {"sku":"PAD-XL","quantity":1,"cents":1999,"name":"Desk pad, extra large"}],\
      "customer":{"name":"Ada Lovelace","email":"ada@example.com",\
      "address":{"street":"12 St James's Square","city":"London","postcode":"SW1Y 4JH",\
      "country":"GB"},"note":"Please ring twice, the bell is old."}}\
      """;

  private Runs() {}

  static Machine machine(String definition) {
    return switch (DefinitionReader.read(definition, Format.JSON, MachineType.EXPRESS)) {
      case DefinitionResult.Parsed parsed -> Machine.of(parsed.machine());
      case DefinitionResult.Rejected rejected ->
          throw new IllegalArgumentException(rejected.message());
    };
  }

  static Event.Started start(String input) {
    return new Event.Started(
        "arn:aws:states:us-east-1:000000000000:express:bench:run:1",
        "run",
        "arn:aws:states:us-east-1:000000000000:stateMachine:bench",
        "arn:aws:iam::000000000000:role/bench",
        true,
        START_MILLIS,
        input.getBytes(StandardCharsets.UTF_8),
        null);
  }
}
