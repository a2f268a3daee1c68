package io.stepstream.examples.sales;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.testkit.TaskMock;
import io.stepstream.testkit.TestMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The whole transformation on an object in memory. */
class SalesTotalsTest {

  private static final Path FOLDER = Path.of("sales-totals");

  @Test
  void shouldSumBatchesOfRowsAndPutThemTogether() throws IOException {
    TestMachine machine =
        TestMachine.load(FOLDER.resolve("machine.asl.json"))
            .object("sales", "sales.csv", Files.readString(FOLDER.resolve("sales.csv")));
    TaskMock sum =
        machine
            .task("SumBatch")
            .returns("{\"Payload\":{\"rows\":4,\"sums\":[{\"region\":\"north\",\"cents\":10}]}}");
    TaskMock load = machine.task("Load").returns("{}");

    machine
        .run(Files.readString(FOLDER.resolve("input.json")))
        .succeededWith("{\"source\":\"sales.csv\",\"rows\":12,\"cents\":{\"north\":30}}");

    assertThat(sum.inputs()).hasSize(3);
    assertThat(load.inputs())
        .singleElement()
        .asString()
        .contains("\"Key\":\"totals/sales.csv.json\"");
  }
}
