package io.stepstream.coordinator.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.coordinator.definition.DefinitionsInMemory.Node;
import io.stepstream.schemas.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateMachinesTest {

  private static final String ARN = "arn:aws:states:us-east-1:111111111111:stateMachine:orders";
  private static final String LOGGED =
      "{\"loggingConfiguration\":{\"level\":\"ERROR\",\"destinations\":[{}]}}";

  private final DefinitionsInMemory topic = new DefinitionsInMemory(TestDefinitions::compile);
  private final Node node = topic.node();

  @AfterEach
  void close() {
    topic.close();
  }

  @Test
  void shouldDefineAMachineThatItsNodeKnowsAtOnce() throws Exception {
    CreateOutcome outcome = create(node, request(TestDefinitions.PASS, Lane.EXPRESS, "r", LOGGED));

    assertThat(outcome).isInstanceOf(CreateOutcome.Created.class);
    var revision = ((CreateOutcome.Created) outcome).revision();
    assertThat(node.catalogue().index().current(ARN).orElseThrow().value()).isEqualTo(revision);
    assertThat(node.catalogue().find(ARN, revision.getRevisionId())).isPresent();
    assertThat(revision.getLane()).isEqualTo(Lane.EXPRESS);
    assertThat(revision.getTransitionsLogged()).isTrue();
    assertThat(revision.getUpdateDate()).isEqualTo(revision.getCreationDate());
  }

  @Test
  void shouldGiveTheSameMachineForTheSameRequestWhateverRoleAndTags() throws Exception {
    CreateOutcome first = create(node, request(TestDefinitions.PASS, Lane.STANDARD, "r", "{}"));

    CreateOutcome again =
        create(
            node,
            request(
                TestDefinitions.PASS,
                Lane.STANDARD,
                "another",
                "{\"loggingConfiguration\":{\"level\":\"OFF\"}}"));

    assertThat(again).isEqualTo(first);
  }

  @Test
  void shouldRefuseAnotherMachineUnderTheSameName() throws Exception {
    create(node, request(TestDefinitions.PASS, Lane.STANDARD, "r", "{}"));

    assertThat(
            List.of(
                create(node, request(TestDefinitions.PASS + " ", Lane.STANDARD, "r", "{}")),
                create(node, request(TestDefinitions.PASS, Lane.EXPRESS, "r", "{}")),
                create(node, request(TestDefinitions.PASS, Lane.STANDARD, "r", LOGGED)),
                create(
                    node,
                    request(
                        TestDefinitions.PASS,
                        Lane.STANDARD,
                        "r",
                        "{\"tracingConfiguration\":{\"enabled\":true}}"))))
        .containsOnly(new CreateOutcome.AlreadyExists());
  }

  @Test
  void shouldGiveANameAwayOnceWhenNodesRace() throws Exception {
    Node other = topic.node();
    List<CompletableFuture<CreateOutcome>> racing = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      CreateRequest request =
          request(TestDefinitions.PASS + " ".repeat(i), Lane.STANDARD, "r", "{}");
      racing.add((i % 2 == 0 ? node : other).machines().create(request).toCompletableFuture());
    }

    List<CreateOutcome> outcomes = new ArrayList<>();
    for (CompletableFuture<CreateOutcome> future : racing) {
      outcomes.add(future.get(30, TimeUnit.SECONDS));
    }

    assertThat(outcomes).filteredOn(CreateOutcome.Created.class::isInstance).hasSize(1);
    assertThat(outcomes).filteredOn(CreateOutcome.AlreadyExists.class::isInstance).hasSize(9);
    assertThat(other.machines().current(ARN).toCompletableFuture().get(5, TimeUnit.SECONDS))
        .isEqualTo(node.machines().current(ARN).toCompletableFuture().get(5, TimeUnit.SECONDS));
  }

  @Test
  void shouldFindAMachineOfAnotherNodeBeforeSayingThatThereIsNone() throws Exception {
    Node other = topic.node();
    create(node, request(TestDefinitions.PASS, Lane.STANDARD, "r", "{}"));

    assertThat(other.machines().current(ARN).toCompletableFuture().get(5, TimeUnit.SECONDS))
        .isPresent();
    assertThat(other.machines().current(ARN + "x").toCompletableFuture().get(5, TimeUnit.SECONDS))
        .isEmpty();
  }

  @Test
  void shouldLogNoTransitionsOfAnExpressMachineThatSaysSo() throws Exception {
    String off = "{\"loggingConfiguration\":{\"level\":\"OFF\"}}";

    CreateOutcome express = create(node, request(TestDefinitions.PASS, Lane.EXPRESS, "r", off));

    assertThat(((CreateOutcome.Created) express).revision().getTransitionsLogged()).isFalse();
  }

  private static CreateOutcome create(Node node, CreateRequest request) throws Exception {
    return node.machines().create(request).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static CreateRequest request(
      String definition, Lane lane, String role, String configuration) throws Exception {
    return new CreateRequest(
        ARN,
        "orders",
        lane,
        "arn:aws:iam::111111111111:role/" + role,
        definition.getBytes(UTF_8),
        MachineConfiguration.of(new ObjectMapper().readTree(configuration)),
        List.of(),
        null);
  }
}
