package io.stepstream.testkit;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.simulation.SimulatedTasks;
import io.stepstream.asl.simulation.TaskAttempt;
import io.stepstream.asl.simulation.TaskReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a task answers, attempt by attempt: each call of {@link #returns}, {@link #fails}, {@link
 * #hangs} or {@link #answers} adds an answer, and the last of them is repeated for ever.
 */
public final class TaskMock {

  private record Answer(SimulatedTasks how, int times) {}

  private final String name;
  private final List<Answer> answers = new ArrayList<>();
  private final List<String> inputs = new ArrayList<>();
  private Duration delay = Duration.ZERO;

  TaskMock(String name) {
    this.name = name;
  }

  /**
   * Succeeds with that output.
   *
   * @param json the output
   * @throws IllegalArgumentException the output is not JSON
   */
  public TaskMock returns(String json) {
    if (Json.decode(json) instanceof Decoded.Malformed malformed) {
      throw new IllegalArgumentException("the output is not JSON: " + malformed.message());
    }
    Duration after = delay;
    byte[] output = json.getBytes(StandardCharsets.UTF_8);
    return add(_ -> List.of(new TaskReport.Succeeded(after, output)));
  }

  /** Succeeds with what the function makes of the task's input, both JSON. */
  public TaskMock answers(UnaryOperator<String> function) {
    Duration after = delay;
    return add(
        attempt -> {
          String output = function.apply(new String(attempt.input(), StandardCharsets.UTF_8));
          return List.of(new TaskReport.Succeeded(after, output.getBytes(StandardCharsets.UTF_8)));
        });
  }

  /** Fails with that error, as a worker or a Lambda function would. */
  public TaskMock fails(String error, @Nullable String cause) {
    Duration after = delay;
    return add(_ -> List.of(new TaskReport.Failed(after, error, cause)));
  }

  /** Never answers, so that the task times out, if it may. */
  public TaskMock hangs() {
    return add(SimulatedTasks.NOBODY);
  }

  /** The answers that are added from here on come so long after the attempt was handed over. */
  public TaskMock after(Duration duration) {
    delay = duration;
    return this;
  }

  /**
   * Gives the answer before it that many times, then the next.
   *
   * @throws IllegalStateException there is no answer yet
   */
  public TaskMock times(int times) {
    if (answers.isEmpty()) {
      throw new IllegalStateException("say what '" + name + "' answers before how often");
    }
    answers.set(answers.size() - 1, new Answer(answers.getLast().how(), times));
    return this;
  }

  /** Forgets the answers, the delay and the inputs, for a test that differs from the others. */
  public TaskMock reset() {
    answers.clear();
    inputs.clear();
    delay = Duration.ZERO;
    return this;
  }

  /** The inputs of all attempts so far, JSON, in their order. */
  public List<String> inputs() {
    return List.copyOf(inputs);
  }

  private TaskMock add(SimulatedTasks how) {
    answers.add(new Answer(how, 1));
    return this;
  }

  List<TaskReport> answer(TaskAttempt attempt) {
    if (answers.isEmpty()) {
      throw new AssertionError("the mock of '" + name + "' has no answer");
    }
    int call = inputs.size();
    inputs.add(new String(attempt.input(), StandardCharsets.UTF_8));
    for (Answer answer : answers) {
      if (call < answer.times()) {
        return answer.how().attempt(attempt);
      }
      call -= answer.times();
    }
    return answers.getLast().how().attempt(attempt);
  }
}
