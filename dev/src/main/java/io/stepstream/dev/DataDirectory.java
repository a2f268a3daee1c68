package io.stepstream.dev;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;

/**
 * The directory in which an embedded stack keeps everything that survives a restart.
 *
 * <p>A marker file names the layout and the number of partitions that it was made with. Keys and
 * partitions of what lies there can't be reinterpreted, so a directory of another layout is refused
 * before anything opens it. A lock, held until {@link #close}, keeps a second process out.
 */
public final class DataDirectory implements AutoCloseable {
  /** Increments when what older versions wrote can't be read any more. */
  static final int LAYOUT = 1;

  static final String MARKER = "stepstream.properties";
  private static final String LOCK = ".lock";
  private static final String TASK_TOKEN_KEYS = "task-token-keys";

  private final Path root;
  private final FileChannel lockFile;

  private final @Nullable ScratchDirectory scratch;

  /** What executions in it have been spread over so far. */
  private int partitions;

  private DataDirectory(
      Path root, FileChannel lockFile, int partitions, @Nullable ScratchDirectory scratch) {
    this.root = root;
    this.lockFile = lockFile;
    this.partitions = partitions;
    this.scratch = scratch;
  }

  /** A new directory that {@link #close} removes with what is in it. */
  public static DataDirectory temporary(int partitions) throws Refusal {
    ScratchDirectory scratch = ScratchDirectory.create();
    return open(scratch.path(), partitions, scratch);
  }

  /**
   * Opens a directory, or makes it if it is empty or not there.
   *
   * @throws Refusal if it is in use, isn't ours, or was made by another version or with a number of
   *     partitions that this one is no multiple of
   */
  public static DataDirectory open(Path directory, int partitions) throws Refusal {
    return open(directory, partitions, null);
  }

  private static DataDirectory open(
      Path directory, int partitions, @Nullable ScratchDirectory scratch) throws Refusal {
    Path root = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      boolean empty = isEmpty(root);
      FileChannel lockFile =
          FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        requireLock(lockFile, root);
        int present = partitions;
        if (empty) {
          writeMarker(root, partitions);
        } else {
          present = requireMarker(root, partitions);
        }
        return new DataDirectory(root, lockFile, present, scratch);
      } catch (IOException | Refusal e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw new Refusal(
          "The data directory " + root + " can't be used: " + reason(e),
          "Choose a directory that you may write to with --data-dir",
          e);
    }
  }

  /** How many partitions executions in it are spread over. */
  public int partitions() {
    return partitions;
  }

  /** They have become more. */
  public void grown(int more) throws IOException {
    writeMarker(root, more);
    partitions = more;
  }

  /** The broker's log. */
  public Path kafka() {
    return root.resolve("kafka");
  }

  /** The stores of Kafka Streams; they can be rebuilt from the broker's log. */
  public Path state() {
    return root.resolve("state");
  }

  /**
   * A file with the key that signs task tokens, made when it is not there: tokens outlive a restart
   * as the executions do whose tasks they end.
   */
  public Path taskTokenKeys() throws IOException {
    Path file = root.resolve(TASK_TOKEN_KEYS);
    if (!Files.exists(file)) {
      byte[] key = new byte[32];
      new SecureRandom().nextBytes(key);
      Files.writeString(file, HexFormat.of().formatHex(key));
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
    if (scratch != null) {
      scratch.close();
    }
  }

  private static void requireLock(FileChannel lockFile, Path root) throws IOException, Refusal {
    @Nullable FileLock lock;
    try {
      lock = lockFile.tryLock();
    } catch (OverlappingFileLockException _) {
      lock = null;
    }
    if (lock == null) {
      throw new Refusal(
          "The data directory " + root + " is in use by another process",
          "Stop that one or choose another directory with --data-dir");
    }
  }

  /** The number of partitions in it. */
  private static int requireMarker(Path root, int partitions) throws IOException, Refusal {
    Path file = root.resolve(MARKER);
    if (!Files.exists(file)) {
      throw new Refusal(
          "The directory "
              + root
              + " isn't empty and wasn't made by stepstream (it has no "
              + MARKER
              + ")",
          "Choose an empty directory with --data-dir");
    }
    Properties marker = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      marker.load(reader);
    } catch (IllegalArgumentException e) {
      throw new IOException(MARKER + " is damaged", e);
    }
    String layout = marker.getProperty("layout", "unknown");
    if (!layout.equals(String.valueOf(LAYOUT))) {
      throw new Refusal(
          "The data directory "
              + root
              + " has the layout "
              + layout
              + " of another version (Kafka "
              + marker.getProperty("kafka", "unknown")
              + "); this version reads layout "
              + LAYOUT,
          "Start the version that made it or choose an empty directory with --data-dir");
    }
    String made = marker.getProperty("partitions", "unknown");
    int present;
    try {
      present = Integer.parseInt(made);
    } catch (NumberFormatException e) {
      throw new IOException(MARKER + " is damaged", e);
    }
    if (present < 1 || partitions % present != 0) {
      throw new Refusal(
          "The data directory "
              + root
              + " has "
              + made
              + " partitions, not "
              + partitions
              + ", and executions can't move between partitions",
          "Start with --partitions "
              + made
              + " or a multiple of it, or choose an empty directory"
              + " with --data-dir");
    }
    return present;
  }

  private static void writeMarker(Path root, int partitions) throws IOException {
    Properties marker = new Properties();
    marker.setProperty("layout", String.valueOf(LAYOUT));
    marker.setProperty("kafka", AppInfoParser.getVersion());
    marker.setProperty("partitions", String.valueOf(partitions));
    try (Writer writer = Files.newBufferedWriter(root.resolve(MARKER))) {
      marker.store(writer, "Written by stepstream; names what made this directory.");
    }
  }

  private static boolean isEmpty(Path root) throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files.allMatch(file -> file.endsWith(LOCK));
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null
        ? e.getClass().getSimpleName()
        : e.getClass().getSimpleName() + " " + message;
  }
}
