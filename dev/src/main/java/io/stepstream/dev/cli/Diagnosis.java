package io.stepstream.dev.cli;

import io.stepstream.dev.cli.Diagnosis.Finding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.server.common.MetadataVersion;

/** The single checks of {@code doctor}. */
final class Diagnosis {
  /**
   * Exactly-once needs what version 2 brought: epochs that rise with each transaction (KIP-890).
   */
  private static final short TRANSACTION_VERSION = 2;

  private static final short SHARE_VERSION = 1;
  private static final long LITTLE_SPACE = 1L << 30;
  private static final long LONGEST_SKEW_MILLIS = 1_000;
  private static final int TIMEOUT_MILLIS = 10_000;

  private Diagnosis() {}

  /** What was looked at, how it is, and what to do about it. */
  record Finding(Verdict verdict, String subject, String text) {
    enum Verdict {
      GOOD,
      DOUBT,
      FAULT;

      String label() {
        return switch (this) {
          case GOOD -> "ok";
          case DOUBT -> "warning";
          case FAULT -> "fault";
        };
      }
    }
  }

  static Finding jdk() {
    Runtime.Version version = Runtime.version();
    return new Finding(
        version.feature() >= 25 ? Verdict.GOOD : Verdict.FAULT,
        "jdk",
        version
            + " in "
            + System.getProperty("java.home")
            + (version.feature() >= 25 ? "" : "; install a JDK 25"));
  }

  static Finding disk(Path directory) {
    Path existing = directory.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      String text = "%.1f GB free in %s".formatted(free / 1e9, existing);
      if (!Files.isWritable(existing)) {
        return new Finding(
            Verdict.FAULT, "disk", existing + " can't be written to; choose another --data-dir");
      }
      return free >= LITTLE_SPACE
          ? new Finding(Verdict.GOOD, "disk", text)
          : new Finding(Verdict.DOUBT, "disk", text + "; 1 GB is little, free some");
    } catch (IOException e) {
      return new Finding(Verdict.FAULT, "disk", existing + " can't be examined: " + e.getMessage());
    }
  }

  /** Looks at a broker: version, features, topics, clock. */
  static List<Finding> cluster(String bootstrapServers) {
    List<Finding> findings = new ArrayList<>();
    Map<String, Object> client =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "default.api.timeout.ms",
            TIMEOUT_MILLIS,
            "request.timeout.ms",
            TIMEOUT_MILLIS / 2);
    try (Admin admin = Admin.create(client)) {
      Map<String, FinalizedVersionRange> features =
          admin.describeFeatures().featureMetadata().get().finalizedFeatures();
      findings.add(broker(features, bootstrapServers));
      findings.add(
          feature(features, "transaction.version", TRANSACTION_VERSION, "exactly-once needs it"));
      findings.add(
          feature(features, "share.version", SHARE_VERSION, "workers take tasks by share groups"));
      findings.add(topics(admin.listTopics().names().get()));
      findings.add(clock(admin, client));
    } catch (ExecutionException | RuntimeException e) {
      Throwable reason = e instanceof ExecutionException ? e.getCause() : e;
      findings.add(
          new Finding(
              Verdict.FAULT,
              "broker",
              bootstrapServers
                  + " doesn't answer ("
                  + reason.getMessage()
                  + "); start it or check --bootstrap-servers"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return findings;
  }

  private static Finding broker(
      Map<String, FinalizedVersionRange> features, String bootstrapServers) {
    FinalizedVersionRange metadata = features.get(MetadataVersion.FEATURE_NAME);
    String version = metadata == null ? "unknown" : metadataVersion(metadata.maxVersionLevel());
    return new Finding(
        Verdict.GOOD, "broker", bootstrapServers + " answers, metadata version " + version);
  }

  private static String metadataVersion(short level) {
    try {
      return MetadataVersion.fromFeatureLevel(level).toString();
    } catch (IllegalArgumentException _) {
      return level + " (newer than this client)";
    }
  }

  private static Finding feature(
      Map<String, FinalizedVersionRange> features, String name, short needed, String why) {
    FinalizedVersionRange range = features.get(name);
    int level = range == null ? 0 : range.maxVersionLevel();
    if (level >= needed) {
      return new Finding(Verdict.GOOD, "feature", name + "=" + level);
    }
    return new Finding(
        Verdict.FAULT,
        "feature",
        "%s=%d, but %s: kafka-features.sh upgrade --feature %s=%d"
            .formatted(name, level, why, name, needed));
  }

  private static Finding topics(Set<String> names) {
    Set<String> ours = new TreeSet<>();
    for (String name : names) {
      if (name.startsWith("stepstream.")) {
        ours.add(name);
      }
    }
    return new Finding(
        Verdict.GOOD,
        "topics",
        ours.isEmpty()
            ? "none of ours yet; the first start makes them"
            : ours.size() + ": " + String.join(" ", ours));
  }

  /**
   * Compares the broker's clock with ours by a record that the broker stamps. Timers and timeouts
   * are computed on our clock and read against timestamps of others.
   */
  private static Finding clock(Admin admin, Map<String, Object> client)
      throws ExecutionException, InterruptedException {
    String topic = "stepstream-doctor-" + ProcessHandle.current().pid();
    admin
        .createTopics(
            List.of(
                new NewTopic(topic, 1, (short) -1)
                    .configs(Map.of("message.timestamp.type", "LogAppendTime"))))
        .all()
        .get();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, new byte[0])).get();
      long before = System.currentTimeMillis();
      long stamped = producer.send(new ProducerRecord<>(topic, new byte[0])).get().timestamp();
      long after = System.currentTimeMillis();
      long skew = stamped < before ? stamped - before : Math.max(0, stamped - after);
      String text = "the broker's is within " + Math.abs(skew) + " ms of ours";
      return Math.abs(skew) <= LONGEST_SKEW_MILLIS
          ? new Finding(Verdict.GOOD, "clock", text)
          : new Finding(Verdict.DOUBT, "clock", text + "; synchronise both by NTP");
    } finally {
      admin.deleteTopics(List.of(topic)).all().get();
    }
  }
}
