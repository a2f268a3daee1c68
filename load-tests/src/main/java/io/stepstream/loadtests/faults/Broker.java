package io.stepstream.loadtests.faults;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/** A broker's own process: one of a cluster, and one of its controllers. */
final class Broker {

  /** Beside the server's own properties. */
  static final String CLUSTER_ID = "stepstream.cluster.id";

  private Broker() {}

  /** The file with the server's properties. */
  static void main(String... args) throws Exception {
    Tether.tie();
    Quiet.warningsOnly();
    Map<String, String> properties = read(Path.of(args[0]));
    Path directory = Path.of(properties.get("log.dirs"));
    String clusterId = properties.remove(CLUSTER_ID);
    if (!Files.exists(directory.resolve("meta.properties"))) {
      format(directory, clusterId, Integer.parseInt(properties.get("node.id")));
    }
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "stop"));
    server.startup();
    server.awaitShutdown();
  }

  private static Map<String, String> read(Path file) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      properties.load(in);
    }
    Map<String, String> map = new HashMap<>();
    properties.forEach((key, value) -> map.put(key.toString(), value.toString()));
    return map;
  }

  private static void format(Path directory, String clusterId, int id) throws Exception {
    Files.createDirectories(directory);
    new Formatter()
        .setPrintStream(System.out)
        .setClusterId(clusterId)
        .setNodeId(id)
        .setDirectories(List.of(directory.toString()))
        .setMetadataLogDirectory(directory.toString())
        .setControllerListenerName(BrokerMember.CONTROLLER)
        .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
        .setReleaseVersion(MetadataVersion.latestProduction())
        .run();
  }
}
