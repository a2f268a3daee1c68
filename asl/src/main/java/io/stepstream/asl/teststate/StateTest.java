package io.stepstream.asl.teststate;

import org.jspecify.annotations.Nullable;

/**
 * What is to be tested; all texts are as a caller of AWS's TestState gives them.
 *
 * @param definition of a state, or of a machine when {@code stateName} is given
 * @param roleArn null: none, which only a state that calls nothing can do without
 * @param input JSON; null: {@code {}}
 * @param variables a JSON object; null: none
 * @param context a JSON object; null: the context object is made up
 */
public record StateTest(
    String definition,
    @Nullable String stateName,
    @Nullable String roleArn,
    @Nullable String input,
    InspectionLevel level,
    boolean revealSecrets,
    @Nullable String variables,
    @Nullable Mock mock,
    @Nullable String context,
    Configuration configuration) {

  /** How much of the data flow is told. */
  public enum InspectionLevel {
    INFO,
    DEBUG,
    TRACE
  }

  /** How closely a mocked result must follow the API's model. */
  public enum FieldValidation {
    /** What is present must conform, and what is required must be present. */
    STRICT,
    /** What is present must conform. */
    PRESENT,
    NONE
  }

  /**
   * What stands for the work of a Task, Map or Parallel state.
   *
   * @param result JSON
   */
  public record Mock(
      @Nullable String result, @Nullable MockedError errorOutput, FieldValidation validation) {}

  public record MockedError(@Nullable String error, @Nullable String cause) {}

  /**
   * What has been before.
   *
   * @param retrierRetryCount how often the retrier that matches the error has been used
   * @param errorCausedByState the inner state that a mocked error of a Map or Parallel state comes
   *     from
   * @param mapItemReaderData what the ItemReader has read
   */
  public record Configuration(
      int retrierRetryCount,
      @Nullable String errorCausedByState,
      int mapIterationFailureCount,
      @Nullable String mapItemReaderData) {

    public static final Configuration NONE = new Configuration(0, null, 0, null);
  }
}
