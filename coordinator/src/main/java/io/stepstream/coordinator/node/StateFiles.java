package io.stepstream.coordinator.node;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much room the parts of a node's state take. */
final class StateFiles {

  private StateFiles() {}

  /** By directory under the state's, in bytes. What vanishes meanwhile is passed over. */
  static Map<String, Long> sizes(Path state) throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    Files.walkFileTree(
        state,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Path below = state.relativize(file);
            if (below.getNameCount() > 1) {
              sizes.merge(below.getName(0).toString(), attributes.size(), Long::sum);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return sizes;
  }
}
