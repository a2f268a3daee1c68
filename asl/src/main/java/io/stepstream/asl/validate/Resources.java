package io.stepstream.asl.validate;

import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which resources a Task may name. */
public final class Resources {

  private static final Pattern ACTIVITY =
      Pattern.compile("arn:[^:]+:states:[^:]*:[^:]*:activity:[^:]+");
  private static final Pattern INTEGRATION =
      Pattern.compile("arn:[^:]+:states:[^:]*:[^:]*:([^:]+):(.+)");
  private static final Pattern LAMBDA = Pattern.compile("arn:[^:]+:lambda:[^:]*:[^:]*:(.*)");
  private static final Pattern FUNCTION =
      Pattern.compile("function:[a-zA-Z0-9-_.]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?");

  /** Files are also validated before a deployment tool fills in such names. */
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^{}]+}.*");

  /**
   * @param actions empty: any; one with a pattern is for that alone
   * @param patterns what may follow the action, besides nothing
   * @param jobs the actions that {@code .sync} may follow
   */
  private record Service(Set<String> actions, Set<String> patterns, Set<String> jobs) {}

  private static final String SYNC = ".sync";
  private static final String SYNC_2 = ".sync:2";
  private static final String TOKEN = ".waitForTaskToken";
  private static final Set<String> ANY = Set.of();
  private static final Set<String> NONE = Set.of();

  private static final Map<String, Service> SERVICES = new HashMap<>();

  static {
    service("apigateway", Set.of("invoke"), Set.of(TOKEN));
    service(
        "athena",
        Set.of("startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"),
        NONE,
        Set.of("startQueryExecution"));
    service("batch", Set.of("submitJob"), NONE, Set.of("submitJob"));
    service("bedrock", ANY, Set.of(TOKEN), Set.of("createModelCustomizationJob"));
    service("bedrock-agentcore", ANY, NONE);
    service("codebuild", ANY, NONE, Set.of("startBuild", "startBuildBatch"));
    service("databrew", Set.of("startJobRun"), NONE, Set.of("startJobRun"));
    service("dynamodb", Set.of("getItem", "putItem", "updateItem", "deleteItem"), NONE);
    service("ecs", Set.of("runTask"), Set.of(TOKEN), Set.of("runTask"));
    service(
        "eks",
        ANY,
        Set.of(TOKEN),
        Set.of(
            "createCluster",
            "deleteCluster",
            "createNodegroup",
            "deleteNodegroup",
            "createFargateProfile",
            "deleteFargateProfile",
            "runJob"));
    service("elasticmapreduce", ANY, NONE, Set.of("createCluster", "terminateCluster", "addStep"));
    service("emr-containers", ANY, NONE, Set.of("startJobRun", "deleteVirtualCluster"));
    service(
        "emr-serverless",
        ANY,
        NONE,
        Set.of(
            "createApplication",
            "deleteApplication",
            "startApplication",
            "stopApplication",
            "startJobRun",
            "cancelJobRun"));
    service("events", Set.of("putEvents"), Set.of(TOKEN));
    service("glue", Set.of("startJobRun"), NONE, Set.of("startJobRun"));
    service("http", Set.of("invoke"), NONE);
    // Not AWS's, but Stepstream's. Nobody but a reader of a record can end a task by its token.
    service("kafka", Set.of("publish", "publish" + TOKEN, "read"), NONE);
    service("lambda", Set.of("invoke"), Set.of(TOKEN));
    service("mediaconvert", Set.of("createJob"), NONE, Set.of("createJob"));
    service(
        "sagemaker",
        ANY,
        NONE,
        Set.of(
            "createHyperParameterTuningJob",
            "createLabelingJob",
            "createProcessingJob",
            "createTrainingJob",
            "createTransformJob"));
    service("sns", Set.of("publish"), Set.of(TOKEN));
    service("sqs", Set.of("sendMessage"), Set.of(TOKEN));
    service("states", Set.of("startExecution"), Set.of(SYNC_2, TOKEN), Set.of("startExecution"));
    service("aws-sdk", ANY, Set.of(TOKEN));
  }

  private Resources() {}

  public static boolean isActivity(String arn) {
    return ACTIVITY.matcher(arn).matches();
  }

  /** Reports a resource that no integration serves. */
  public static void check(Node at, String arn, Problems problems) {
    String message = objection(arn);
    if (message != null) {
      problems.schema(at, message);
    }
  }

  private static @Nullable String objection(String arn) {
    if (PLACEHOLDER.matcher(arn).matches() || isActivity(arn)) {
      return null;
    }
    if (!arn.startsWith("arn:")) {
      return Wording.NOT_AN_ARN;
    }
    var lambda = LAMBDA.matcher(arn);
    if (lambda.matches()) {
      String function = lambda.group(1);
      boolean known = FUNCTION.matcher(function).matches() || function.contains("${");
      return known ? null : Wording.NOT_AN_ARN;
    }
    var integration = INTEGRATION.matcher(arn);
    if (!integration.matches()) {
      return null;
    }
    return recognized(integration.group(1), integration.group(2))
        ? null
        : "The resource provided "
            + arn
            + " is not recognized. The value is not a valid resource ARN, or the resource is not"
            + " available in this region.";
  }

  private static boolean recognized(String name, String call) {
    Service service = SERVICES.get(name);
    if (service == null) {
      return false;
    }
    int dot = call.indexOf('.');
    String action = dot < 0 ? call : call.substring(0, dot);
    if (dot >= 0 && call.substring(dot).equals(SYNC)) {
      return service.jobs.contains(action);
    }
    return service.actions.contains(call)
        || (service.actions.isEmpty() || service.actions.contains(action))
            && (dot < 0 || service.patterns.contains(call.substring(dot)));
  }

  private static void service(String name, Set<String> actions, Set<String> patterns) {
    service(name, actions, patterns, NONE);
  }

  private static void service(
      String name, Set<String> actions, Set<String> patterns, Set<String> jobs) {
    SERVICES.put(name, new Service(actions, patterns, jobs));
  }
}
