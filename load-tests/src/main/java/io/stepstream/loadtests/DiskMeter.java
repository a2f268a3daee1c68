package io.stepstream.loadtests;

import java.nio.file.Path;
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
    return new DiskBytes(logBytes(), DirectorySize.bytesIn(stateDirectory));
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
}
