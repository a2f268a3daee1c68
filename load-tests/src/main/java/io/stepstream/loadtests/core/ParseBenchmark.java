package io.stepstream.loadtests.core;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Reading, validating and compiling a definition. Public and open, since JMH extends it. */
@State(Scope.Thread)
public class ParseBenchmark {

  private final byte[] fiveStates = utf8(FiveStates.definition(QueryLanguage.JSON_PATH));
  private final byte[] fiveStatesInJsonata = utf8(FiveStates.definition(QueryLanguage.JSONATA));
  private final byte[] orderFulfilment = example();

  /** Five states in JSONPath. */
  @Benchmark
  public DefinitionResult small() {
    return parsed(fiveStates);
  }

  /** Five states in JSONata. */
  @Benchmark
  public DefinitionResult smallJsonata() {
    return parsed(fiveStatesInJsonata);
  }

  /** The order fulfilment example: 14 states, three of them containers, JSONPath. */
  @Benchmark
  public DefinitionResult large() {
    return parsed(orderFulfilment);
  }

  private static DefinitionResult parsed(byte[] definition) {
    DefinitionResult result = DefinitionReader.read(definition, Format.JSON, MachineType.STANDARD);
    if (result instanceof DefinitionResult.Rejected rejected) {
      throw new IllegalStateException(rejected.message());
    }
    return result;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] example() {
    try (InputStream file = ParseBenchmark.class.getResourceAsStream("machine.asl.json")) {
      if (file == null) {
        throw new IllegalStateException("the build has left out the example");
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException("reading a resource", e);
    }
  }
}
