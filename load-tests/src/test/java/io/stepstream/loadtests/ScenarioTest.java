package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ScenarioTest {

  static List<Scenario> all() {
    return Scenario.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldHaveAValidDefinition(Scenario scenario) {
    DefinitionResult result =
        DefinitionReader.read(
            scenario.definition().getBytes(StandardCharsets.UTF_8),
            Format.JSON,
            MachineType.valueOf(scenario.lane().name()));

    assertThat(result).isInstanceOf(DefinitionResult.Parsed.class);
  }

  @Test
  void shouldNotNameTwoScenariosAlike() {
    assertThat(all()).extracting(Scenario::label).doesNotHaveDuplicates().hasSize(11);
  }
}
