package io.stepstream.asl.teststate;

import io.stepstream.asl.teststate.StateTest.FieldValidation;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which answer of which API a mocked result of a Task state stands for. */
final class MockedApi {

  private static final Pattern SERVICE =
      Pattern.compile("arn:[^:]+:states:[^:]*:[^:]*:(?:aws-sdk:)?([^:.]+):([A-Za-z]+)(\\..+)?");

  /** A result of {@code .sync} is the answer to the question whether the job has ended. */
  private static final Map<String, String> POLLED =
      Map.of(
          "StartExecution", "DescribeExecution",
          "SubmitJob", "DescribeJobs",
          "RunTask", "DescribeTasks",
          "StartJobRun", "GetJobRun",
          "StartBuild", "BatchGetBuilds",
          "StartBuildBatch", "BatchGetBuildBatches",
          "StartQueryExecution", "GetQueryExecution",
          "CreateCluster", "DescribeCluster",
          "DeleteCluster", "DescribeCluster",
          "AddStep", "DescribeStep");

  private MockedApi() {}

  /** What is wrong with a result; null: nothing, or nothing is known of the API. */
  static @Nullable String problem(String resource, Object result, FieldValidation mode) {
    Matcher matcher = SERVICE.matcher(resource);
    if (mode == FieldValidation.NONE || !matcher.matches()) {
      return null;
    }
    String service = matcher.group(1);
    String action = matcher.group(2);
    String pattern = matcher.group(3);
    String operation = Character.toUpperCase(action.charAt(0)) + action.substring(1);
    if (pattern != null) {
      operation = pattern.startsWith(".sync") ? POLLED.get(operation) : null;
    }
    ApiModel model = operation == null ? null : ApiModel.of(service);
    return model == null
        ? null
        : model.problem(
            operation, comparable(resource, pattern, result), mode == FieldValidation.STRICT);
  }

  /** Step Functions decodes some members which are text in the API; these may be of any type. */
  private static Object comparable(String resource, @Nullable String pattern, Object result) {
    if (resource.contains(":aws-sdk:") || !(result instanceof Map<?, ?> object)) {
      return result;
    }
    Map<Object, Object> known = new HashMap<>(object);
    if (resource.endsWith(":lambda:invoke")) {
      known.remove("Payload");
    }
    if (".sync:2".equals(pattern)) {
      known.remove("Input");
      known.remove("Output");
    }
    return known;
  }
}
