package io.stepstream.integrations.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import io.stepstream.integrations.Visit;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** The rows against the language's list of resources and against the SDK's own descriptions. */
final class JobTableTest {

  /** Their modules are not among the tests'. */
  private static final Set<String> UNCHECKED =
      Set.of(
          "codebuild", "databrew", "emrcontainers", "emrserverless", "mediaconvert", "sagemaker");

  static Collection<JobRule> rules() {
    return JobTable.rules().values();
  }

  private static DefinitionResult defined(String resource) {
    return DefinitionReader.read(
        "{\"StartAt\":\"T\",\"States\":{\"T\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::%s\",\"End\":true}}}"
            .formatted(resource),
        Format.JSON,
        MachineType.STANDARD);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void shouldHaveRowsOfResourcesThatTheLanguageTakes(JobRule rule) {
    assertThat(defined(rule.resource() + ".sync")).isInstanceOf(DefinitionResult.Parsed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sagemaker:createModel.sync",
        "eks:call.sync",
        "bedrock:invokeModel.sync",
        "athena:getQueryResults.sync",
        "codebuild:stopBuild.sync",
        "aws-sdk:batch:submitJob.sync",
        "batch:submitJob.sync:2",
        "sqs:sendMessage.sync",
      })
  void shouldRefuseSyncWhereThereIsNoJob(String resource) {
    assertThat(defined(resource)).isInstanceOf(DefinitionResult.Rejected.class);
  }

  /**
   * What each row calls is there, and takes the arguments that the row gives it. Only of modules
   * that are on the tests' class path: what has no module is not proven here.
   */
  @ParameterizedTest
  @MethodSource("checkedRules")
  void shouldCallActionsThatTheServiceHas(JobRule rule) throws Exception {
    ObjectNode ids = JsonNodeFactory.instance.objectNode();
    rule.ids().keySet().forEach(name -> ids.put(name, "arn:aws:x:y:z:w/" + name));
    try (FakeAws aws = new FakeAws();
        AwsSettings _ = new AwsSettings(aws.endpoint());
        AwsServices services = new AwsServices()) {
      AwsService service = services.service(rule.service());
      shouldReachTheService(service, rule.look().action(), rule.look().arguments(ids));
      if (rule.stop() != null) {
        shouldReachTheService(service, rule.stop().action(), rule.stop().arguments(ids));
      }
      // What EKS is asked for is named in the path.
      ObjectNode submitted =
          rule.service().equals("eks") ? ids : JsonNodeFactory.instance.objectNode();
      if (rule.submit().template() != null) {
        submitted = rule.submit().template().arguments(ids);
      }
      if (rule.token() != null) {
        submitted.put(rule.token(), "token");
      }
      shouldReachTheService(service, rule.submit().action(), submitted);
    }
  }

  static Stream<JobRule> checkedRules() {
    return rules().stream().filter(rule -> !UNCHECKED.contains(rule.service()));
  }

  /** What doesn't fit fails before: as States.Runtime, or by the SDK's own check of its URL. */
  private static void shouldReachTheService(
      AwsService service, String action, ObjectNode arguments) {
    assertThatThrownBy(() -> service.call(action, arguments, Visit.of("any")))
        .as("%s of %s", action, arguments)
        .isInstanceOf(AwsServiceException.class);
  }
}
