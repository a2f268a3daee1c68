package io.stepstream.schemas.sealing;

import static io.stepstream.schemas.sealing.TestKeys.key;
import static io.stepstream.schemas.sealing.TestKeys.secret;
import static io.stepstream.schemas.sealing.TestKeys.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.configured.WatchedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileKeysTest {

  private final TestKeys file;

  FileKeysTest(@TempDir Path directory) {
    this.file = new TestKeys(directory);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\": \"a\", \"versions\": []} | keys[0].versions must have one at least",
        "{\"id\": \"a\", \"versions\": [{\"version\": 1, \"key\": \"c2hvcnQtc2VjcmV0\"}]} |"
            + " keys[0].versions[0].key must be 32 bytes in Base64, as 'openssl rand -base64 32'"
            + " prints them",
        "{\"id\": \"a\", \"versions\": [{\"version\": 0, \"key\": \"c2hvcnQtc2VjcmV0\"}]} |"
            + " keys[0].versions[0].version must be a whole number from 1",
        "{\"id\": \"a\", \"version\": 1} | keys[0] can't have a member 'version', only [current,"
            + " id, versions]",
      })
  void shouldSayWhatIsWrongWithoutASecret(String keys, String what) throws IOException {
    Path written = file.write(keys);

    assertThatThrownBy(() -> FileKeys.watching(written, file.clock()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("stepstream.encryption.keys-file (%s): %s".formatted(written, what))
        .hasMessageNotContaining("c2hvcnQtc2VjcmV0");
  }

  @Test
  void shouldRefuseWhatIsGivenTwiceOrIsNotThere() throws IOException {
    Path twice = file.write(key("a", "", version(1, 1)), key("a", "", version(1, 1)));
    assertThatThrownBy(() -> FileKeys.watching(twice, file.clock()))
        .hasMessageContaining("keys[1].id is given twice");
    Path versions = file.write(key("a", "", version(1, 1), version(1, 2)));
    assertThatThrownBy(() -> FileKeys.watching(versions, file.clock()))
        .hasMessageContaining("keys[0].versions[1].version is given twice");
    Path current = file.write(key("a", "\"current\": 3, ", version(1, 1)));
    assertThatThrownBy(() -> FileKeys.watching(current, file.clock()))
        .hasMessageContaining("keys[0].current must be one of the versions [1]")
        .hasMessageNotContaining(secret(1));
  }

  @Test
  void shouldNotTakeAFileThatEverybodyCanRead() throws IOException {
    Path written = file.write(key("a", "", version(1, 1)));
    Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> PayloadKeys.configured(Optional.of(written)))
        .hasMessageContaining("can be read by everybody on this machine: 'chmod o-rwx'");
    Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(PayloadKeys.configured(Optional.of(written)).problem("a")).isNull();
  }

  @Test
  void shouldHaveWhatIsAddedWithoutARestart() throws IOException {
    FileKeys keys = FileKeys.watching(file.write(key("a", "", version(1, 1))), file.clock());
    file.write(key("a", "", version(1, 1)), key("b", "", version(1, 2)));

    assertThat(keys.wrap("b", new byte[32])).isInstanceOf(KeyAnswer.Missing.class);
    file.now = file.now.plus(WatchedFile.PAUSE).plusMillis(1);

    assertThat(keys.wrap("b", new byte[32])).isInstanceOf(KeyAnswer.Given.class);
  }

  @Test
  void shouldNotUnwrapForAnotherKey() throws IOException {
    FileKeys keys =
        FileKeys.watching(
            file.write(key("a", "", version(1, 1)), key("b", "", version(1, 1))), file.clock());
    byte[] wrapped =
        keys.wrap("a", new byte[32]) instanceof KeyAnswer.Given(byte[] given) ? given : new byte[0];

    assertThat(keys.unwrap("b", wrapped)).isInstanceOf(KeyAnswer.Missing.class);
    assertThat(keys.unwrap("a", wrapped)).isInstanceOf(KeyAnswer.Given.class);
    assertThat(keys.unwrap("a", new byte[3])).isInstanceOf(KeyAnswer.Missing.class);
  }

  @Test
  void shouldShowNoKeyInItsTexts() {
    assertThat(new KeyAnswer.Given(new byte[32])).hasToString("Given[32 bytes]");
    assertThat(new Opened.Payload(new byte[3])).hasToString("Payload[3 bytes]");
  }
}
