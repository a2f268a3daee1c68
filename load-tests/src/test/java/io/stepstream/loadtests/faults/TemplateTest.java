package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.definition.AslCompiler;
import io.stepstream.coordinator.definition.Compilation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TemplateTest {

  @Test
  void shouldBeMachinesThatTheEngineTakes() {
    for (Template template : Template.values()) {
      assertThat(
              new AslCompiler()
                  .compile(template.definition().getBytes(StandardCharsets.UTF_8), template.lane()))
          .as(template.machine())
          .isInstanceOf(Compilation.Compiled.class);
    }
  }

  @Test
  void shouldUseAllTypesOfStates() {
    TreeSet<String> types = new TreeSet<>();
    for (Template template : Template.values()) {
      collect(Api.json(template.definition()), types);
    }
    assertThat(types)
        .containsExactly("Choice", "Fail", "Map", "Parallel", "Pass", "Succeed", "Task", "Wait");
  }

  private static void collect(JsonNode node, TreeSet<String> types) {
    if (node.path("Type").isTextual()) {
      types.add(node.path("Type").asText());
    }
    node.forEach(child -> collect(child, types));
  }

  @Test
  void shouldDrawTheSameFromASeedAndOtherFromAnother() {
    assertThat(drawn(7)).isEqualTo(drawn(7)).isNotEqualTo(drawn(8));
  }

  private static List<String> drawn(long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, 200)
        .mapToObj(
            n -> {
              Template template = Template.any(random);
              Template.Plan plan = template.plan(n, random);
              return template + " " + plan.input() + " " + plan.expected();
            })
        .toList();
  }

  @Test
  void shouldMixAllThatAreOfTheMix() {
    Random random = new Random(1);
    assertThat(Stream.generate(() -> Template.any(random)).limit(5_000).distinct())
        .containsExactlyInAnyOrder(
            Template.BRIEF,
            Template.ORDER,
            Template.FAN,
            Template.CALL_BACK,
            Template.FAILING,
            Template.BEATING,
            Template.TIMED,
            Template.WAITING,
            Template.EXPRESS);
  }
}
