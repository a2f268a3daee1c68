package io.stepstream.loadtests.faults;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.LaneTopics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** Somebody lets the histories be compacted: a node that starts then says so, and what mends it. */
final class TopicDamage implements Fault {

  private static final String POLICY = "cleanup.policy";
  private static final Duration LONGEST_REFUSAL = Duration.ofSeconds(60);

  @Override
  public String id() {
    return "F-21";
  }

  @Override
  public String title() {
    return "a topic that is set up wrongly";
  }

  @Override
  public String criterion() {
    return "a node that starts ends with the topic's name and the remedy";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    String topic = LaneTopics.of(Lane.STANDARD).history();
    NodeMember newcomer =
        experiment
            .cluster()
            .node(
                "newcomer",
                0,
                experiment.cluster().nodes().getFirst().application(),
                experiment.api());
    experiment.say(topic + " is compacted, and a node starts");
    set(experiment, topic, "compact");
    try {
      newcomer.start();
      boolean isRefused = Member.await(LONGEST_REFUSAL, () -> !newcomer.isAlive());
      if (!isRefused || newcomer.exitCode() == 0) {
        experiment.violated(Invariant.I11, newcomer.name(), "it starts over a compacted history");
      } else if (!says(newcomer, topic) || !says(newcomer, POLICY + "=delete")) {
        experiment.violated(
            Invariant.I11, newcomer.name(), "it ends and doesn't say what is wrong with " + topic);
      }
    } finally {
      newcomer.end();
      set(experiment, topic, "delete");
      StateDirectories.remove(newcomer.stateDirectory());
    }
  }

  private static boolean says(NodeMember node, String text) {
    try {
      return Files.readString(node.log()).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + node.log(), e);
    }
  }

  private static void set(Experiment experiment, String topic, String policy)
      throws InterruptedException {
    try (Admin admin = experiment.cluster().admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(new AlterConfigOp(new ConfigEntry(POLICY, policy), OpType.SET))))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new RunFailure("%s can't be set to %s: %s".formatted(topic, policy, e.getCause()));
    }
  }
}
