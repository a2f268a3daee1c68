package io.stepstream.coordinator.api.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.asl.teststate.StateTest;
import io.stepstream.asl.teststate.StateTest.Configuration;
import io.stepstream.asl.teststate.StateTest.FieldValidation;
import io.stepstream.asl.teststate.StateTest.InspectionLevel;
import io.stepstream.asl.teststate.StateTest.Mock;
import io.stepstream.asl.teststate.StateTest.MockedError;
import io.stepstream.asl.teststate.StateTestResult;
import io.stepstream.asl.teststate.StateTester;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Refusals;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs one state of a definition. */
final class TestState implements Action {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final StateTester tester;
  private final Clock clock;
  private final Executor executor;

  TestState(StateTester tester, Clock clock, Executor executor) {
    this.tester = tester;
    this.clock = clock;
    this.executor = executor;
  }

  @Override
  public String name() {
    return "TestState";
  }

  /** A task without a mock is waited for. */
  @Override
  public Duration patience() {
    return ExecutedTasks.LONGEST.plusSeconds(30);
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    String role = call.text("roleArn");
    return role == null ? run(call) : Arns.role(role).then(_ -> run(call));
  }

  private CompletionStage<Answer> run(Call call) {
    StateTest test = test(call);
    return CompletableFuture.supplyAsync(
        () -> {
          StateTester.Moment moment =
              new StateTester.Moment(
                  UUID.randomUUID().toString(), UUID.randomUUID().toString(), clock.millis());
          return answer(tester.test(test, moment));
        },
        executor);
  }

  private static Answer answer(StateTestResult result) {
    return switch (result) {
      case StateTestResult.Refused(String code, String message) -> Refusals.of(code, message);
      case StateTestResult.Tested tested ->
          Answer.success(
              json ->
                  json.text("output", tested.output())
                      .text("error", tested.error())
                      .text("cause", tested.cause())
                      .tree(
                          "inspectionData",
                          tested.inspection() == null
                              ? null
                              : JSON.valueToTree(tested.inspection()))
                      .text("nextState", tested.nextState())
                      .text("status", tested.status().name()));
    };
  }

  private static StateTest test(Call call) {
    String level = call.text("inspectionLevel");
    return new StateTest(
        call.required("definition"),
        call.text("stateName"),
        call.text("roleArn"),
        call.text("input"),
        level == null ? InspectionLevel.INFO : InspectionLevel.valueOf(level),
        call.flag("revealSecrets", false),
        call.text("variables"),
        mock(call.parameters().path("mock")),
        call.text("context"),
        configuration(call.parameters().path("stateConfiguration")));
  }

  private static @Nullable Mock mock(JsonNode mock) {
    if (!mock.isObject()) {
      return null;
    }
    JsonNode error = mock.path("errorOutput");
    return new Mock(
        mock.path("result").textValue(),
        error.isObject()
            ? new MockedError(error.path("error").textValue(), error.path("cause").textValue())
            : null,
        FieldValidation.valueOf(mock.path("fieldValidationMode").asText("STRICT")));
  }

  private static Configuration configuration(JsonNode configuration) {
    return new Configuration(
        configuration.path("retrierRetryCount").asInt(0),
        configuration.path("errorCausedByState").textValue(),
        configuration.path("mapIterationFailureCount").asInt(0),
        configuration.path("mapItemReaderData").textValue());
  }
}
