package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskHandler;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HandlerDirectoryTest {

  @Test
  void shouldListWhatIsServedInOrder() {
    var directory =
        new HandlerDirectory(List.of(serving("b", "arn:aws:states:::http:*"), serving("a")));

    assertThat(directory.names()).containsExactly("a", "arn:aws:states:::http:*", "b");
  }

  @Test
  void shouldFindTheHandlerOfAResourceOfStepstreamItself() {
    TaskHandler reader = serving("stepstream:readItems");

    assertThat(new HandlerDirectory(List.of(reader)).resource("stepstream:readItems"))
        .containsSame(reader);
  }

  @Test
  void shouldRefuseTwoHandlersOfOneName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HandlerDirectory(List.of(serving("a"), serving("a"))))
        .withMessageContaining("Two handlers serve 'a'");
  }

  @Test
  void shouldRefuseAHandlerThatServesNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HandlerDirectory(List.of(serving())))
        .withMessageContaining("serves nothing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a*", "a:1", "arn:aws:*:::x", "ä"})
  void shouldRefuseWhatIsNeitherAFunctionNorAResource(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HandlerDirectory(List.of(serving(name))))
        .withMessageContaining("'" + name + "'");
  }

  private static TaskHandler serving(String... names) {
    return new TaskHandler() {
      @Override
      public List<String> serves() {
        return List.of(names);
      }

      @Override
      public JsonNode handle(JsonNode input, TaskContext context) {
        return input;
      }
    };
  }
}
