package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes on the wire and on disk. */
final class BytesTest {

  @Test
  void shouldTakeTheDifferenceAndDivideIt() {
    WireBytes wire = new WireBytes(700, 90).since(new WireBytes(100, 30)).per(6);
    DiskBytes disk = new DiskBytes(50, 10).since(new DiskBytes(20, 40)).per(10);

    assertThat(wire).isEqualTo(new WireBytes(100, 10));
    assertThat(disk).isEqualTo(new DiskBytes(3, -3));
  }

  @Test
  void shouldReadWhatTheBrokerTells() {
    assertThat(BrokerWire.parse("wire 12345678901 7"))
        .isEqualTo(new WireBytes(12_345_678_901.0, 7));
  }

  @Test
  void shouldTellNothingWhereThereIsNoBroker() throws Exception {
    assertThat(BrokerWire.line()).isEqualTo("wire 0 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ready 127.0.0.1:9", "wire", "wire 1", "wire 1 2 3", "wire a b"})
  void shouldNotTakeAnotherLineForIt(String line) {
    assertThatThrownBy(() -> BrokerWire.parse(line))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("doesn't tell its bytes");
  }

  @Test
  void shouldAddUpTheFilesOfADirectory(@TempDir Path directory) throws Exception {
    Files.write(directory.resolve("a"), new byte[100]);
    Files.write(Files.createDirectories(directory.resolve("b/c")).resolve("d"), new byte[23]);

    assertThat(DirectorySize.bytesIn(directory)).isEqualTo(123);
    assertThat(DirectorySize.bytesIn(directory.resolve("none"))).isZero();
  }
}
