package io.stepstream.coordinator.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.WorkerAnnouncement;
import io.stepstream.schemas.topic.Topics;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskRoutesTest {

  private final TaskRoutes routes = new TaskRoutes();

  private void announce(String queue, String... handlers) {
    routes.announced(new WorkerAnnouncement("pool", queue, List.of(handlers), "1", Instant.EPOCH));
  }

  private String queueOfFunction(String name) {
    return routes.queueOf(name, "arn:aws:states:::lambda:invoke");
  }

  @Test
  void shouldLeadAFunctionToTheQueueThatWasAnnouncedLast() {
    assertThat(queueOfFunction("greet")).isEqualTo(TaskRoutes.DEFAULT_QUEUE);
    assertThat(routes.queueOf(null, "arn:aws:states:::sqs:sendMessage"))
        .isEqualTo(TaskRoutes.DEFAULT_QUEUE);

    announce("first", "greet");
    announce("second", "greet", "part");

    assertThat(queueOfFunction("greet")).isEqualTo("second");
  }

  @Test
  void shouldLeadNoFunctionToTheQueueOfDistributedMaps() {
    announce(TaskRoutes.DEFAULT_QUEUE, "greet");
    announce(Topics.STORAGE_QUEUE, "greet");

    assertThat(queueOfFunction("greet")).isEqualTo(TaskRoutes.DEFAULT_QUEUE);
  }

  @Test
  void shouldLeadAResourceToWhoeverHasAnnouncedTheMostOfIt() {
    announce("aws", "arn:aws:states:::aws-sdk:*");
    announce("tables", "arn:aws:states:::aws-sdk:dynamodb:*");
    announce("queues", "arn:aws:states:::sqs:sendMessage");

    assertThat(routes.queueOf(null, "arn:aws:states:::aws-sdk:s3:getObject")).isEqualTo("aws");
    assertThat(routes.queueOf(null, "arn:aws:states:::aws-sdk:dynamodb:scan.waitForTaskToken"))
        .isEqualTo("tables");
    assertThat(routes.queueOf(null, "arn:aws:states:::sqs:sendMessage.waitForTaskToken"))
        .isEqualTo("queues");
    assertThat(routes.queueOf(null, "arn:aws:states:::sns:publish"))
        .isEqualTo(TaskRoutes.DEFAULT_QUEUE);
  }

  @Test
  void shouldLeadAFunctionThatNobodyHasAnnouncedToWhoeverAsksAwsLambda() {
    announce("aws", "arn:aws:states:::lambda:invoke", "arn:aws:lambda:*");
    announce("mine", "greet");

    assertThat(queueOfFunction("greet")).isEqualTo("mine");
    assertThat(queueOfFunction("other")).isEqualTo("aws");
    assertThat(routes.queueOf("other", "arn:aws:lambda:us-east-1:1:function:other"))
        .isEqualTo("aws");
  }
}
