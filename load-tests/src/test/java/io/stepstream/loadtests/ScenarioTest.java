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

  static List<Machine> machines() {
    return Scenario.all().stream().flatMap(each -> each.machines().stream()).distinct().toList();
  }

  @ParameterizedTest
  @MethodSource("machines")
  void shouldHaveAValidDefinition(Machine machine) {
    DefinitionResult result =
        DefinitionReader.read(
            machine.definition().getBytes(StandardCharsets.UTF_8),
            Format.JSON,
            MachineType.valueOf(machine.lane().name()));

    assertThat(result).isInstanceOf(DefinitionResult.Parsed.class);
  }

  @Test
  void shouldNotNameTwoScenariosAlike() {
    assertThat(Scenario.all()).extracting(Scenario::label).doesNotHaveDuplicates().hasSize(16);
  }
}
