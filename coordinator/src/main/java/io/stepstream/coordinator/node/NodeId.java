package io.stepstream.coordinator.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The name of a node, kept with its state: a node that comes back under its old name gets its old
 * partitions at once, without waiting until the group has noticed that it was gone.
 */
final class NodeId {

  private NodeId() {}

  static String in(Path stateDirectory) {
    Path file = stateDirectory.resolve("node-id");
    try {
      Files.createDirectories(stateDirectory);
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
      String id = UUID.randomUUID().toString();
      Files.writeString(file, id);
      return id;
    } catch (IOException e) {
      throw new UncheckedIOException("the state directory cannot be used: " + stateDirectory, e);
    }
  }
}
