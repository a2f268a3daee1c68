package io.stepstream.loadtests.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What can become of a node's state directory while the node is down. */
final class StateDirectories {

  private static final String ID = "node-id";
  private static final String CHECKPOINT = ".checkpoint";

  private StateDirectories() {}

  static void remove(Path directory) {
    for (Path file : files(directory).reversed()) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException("removing " + file, e);
      }
    }
  }

  static void copy(Path from, Path to) {
    for (Path file : files(from)) {
      try {
        Files.copy(file, to.resolve(from.relativize(file)));
      } catch (IOException e) {
        throw new UncheckedIOException("copying " + file, e);
      }
    }
  }

  /** So that who has the other directory takes itself for the same node. */
  static void copyId(Path from, Path to) {
    try {
      Files.createDirectories(to);
      Files.copy(from.resolve(ID), to.resolve(ID));
    } catch (IOException e) {
      throw new UncheckedIOException("copying the id of " + from, e);
    }
  }

  /** Leaves half of each checkpoint, as a full disk would; tells how many there were. */
  static int cutCheckpoints(Path directory) {
    List<Path> checkpoints =
        files(directory).stream()
            .filter(file -> file.getFileName().toString().equals(CHECKPOINT))
            .toList();
    for (Path file : checkpoints) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() / 2);
      } catch (IOException e) {
        throw new UncheckedIOException("cutting " + file, e);
      }
    }
    return checkpoints.size();
  }

  /** Directories before what is in them; none if there is no such directory. */
  private static List<Path> files(Path directory) {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.sorted(Comparator.naturalOrder()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("looking through " + directory, e);
    }
  }
}
