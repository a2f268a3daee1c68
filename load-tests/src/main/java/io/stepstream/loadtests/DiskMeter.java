package io.stepstream.loadtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;

/** Reads what a pipeline has on disk: in brokers' logs and in its state directory. */
final class DiskMeter {

  private final Admin admin;
  private final Predicate<String> topics;
  private final Path stateDirectory;

  DiskMeter(Admin admin, Pipeline pipeline) {
    this(admin, pipeline::counts, pipeline.stateDirectory());
  }

  /** Of some topics only. */
  DiskMeter(Admin admin, Predicate<String> topics, Path stateDirectory) {
    this.admin = admin;
    this.topics = topics;
    this.stateDirectory = stateDirectory;
  }

  DiskBytes read() throws InterruptedException {
    return new DiskBytes(logBytes(), bytesIn(stateDirectory));
  }

  private long logBytes() throws InterruptedException {
    try {
      List<Integer> brokers = admin.describeCluster().nodes().get().stream().map(Node::id).toList();
      return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
          .flatMap(directories -> directories.values().stream())
          .flatMap(directory -> directory.replicaInfos().entrySet().stream())
          .filter(replica -> topics.test(replica.getKey().topic()))
          .mapToLong(replica -> replica.getValue().size())
          .sum();
    } catch (ExecutionException e) {
      throw new BenchFailure(
          "The brokers' log directories can't be read: " + e.getCause().getMessage(), e);
    }
  }

  /** The sizes of all files below; 0 if there is no such directory. */
  static long bytesIn(Path directory) {
    long[] bytes = {0};
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              bytes[0] += attributes.size();
              return FileVisitResult.CONTINUE;
            }

            /** A store removes files while it works. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, IOException failure) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + directory, e);
    }
    return bytes[0];
  }
}
