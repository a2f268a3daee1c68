package io.stepstream.schemas.configured;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a JSON file of the configuration says, looked at again when the file has changed: a key that
 * is taken away must not work until the next restart. A file that can't be used any more is
 * reported and leaves what was said before, or a slip of an editor would lock everybody out. Thread
 * safe.
 */
public final class WatchedFile<T> {

  private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);

  /** Between two looks at the file's time. */
  public static final Duration PAUSE = Duration.ofSeconds(5);

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** What the file's JSON means. */
  @FunctionalInterface
  public interface Reading<T> {
    T of(JsonNode file) throws UnusableFile;
  }

  private final String setting;
  private final Path file;
  private final Reading<T> reading;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile T content;
  private volatile Instant nextLook;
  private FileTime read;

  /**
   * @param setting that names the file, for messages
   * @throws IllegalStateException the file can't be used
   */
  public WatchedFile(String setting, Path file, Reading<T> reading, InstantSource clock) {
    this.setting = setting;
    this.file = file;
    this.reading = reading;
    this.clock = clock;
    try {
      this.read = Files.getLastModifiedTime(file);
      this.content = read();
    } catch (IOException | UnusableFile e) {
      throw new IllegalStateException(problem(e), e);
    }
    this.nextLook = clock.instant().plus(PAUSE);
  }

  public T content() {
    // Not more than one thread looks, and nobody waits for it.
    if (clock.instant().isAfter(nextLook) && lock.tryLock()) {
      try {
        look();
      } finally {
        lock.unlock();
      }
    }
    return content;
  }

  private void look() {
    nextLook = clock.instant().plus(PAUSE);
    try {
      FileTime modified = Files.getLastModifiedTime(file);
      if (!modified.equals(read)) {
        content = read();
        read = modified;
        LOG.info("{} has changed and was read again", setting);
      }
    } catch (IOException | UnusableFile e) {
      LOG.error("{}. What it said before still holds", problem(e));
    }
  }

  private T read() throws IOException, UnusableFile {
    return reading.of(JSON.readTree(Files.readAllBytes(file)));
  }

  private String problem(Exception e) {
    String what =
        switch (e) {
          case UnusableFile unusable -> String.valueOf(unusable.getMessage());
          // Without the source, which would put a secret into the log.
          case JsonProcessingException json ->
              "is not JSON: line %d, column %d"
                  .formatted(json.getLocation().getLineNr(), json.getLocation().getColumnNr());
          case UncheckedIOException unchecked -> "can't be read: " + unchecked.getMessage();
          default -> "can't be read: " + e;
        };
    return "%s (%s): %s".formatted(setting, file, what);
  }
}
