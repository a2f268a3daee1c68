package io.stepstream.dev.stack;

import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.stack.Callers.Phase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every action on every node, while one is killed and comes back: nothing wrong is answered. */
final class EveryActionWhileANodeIsAwayIT {

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldAnswerRightOrNotNowWithTwoNodes(@TempDir Path directory) throws Exception {
    answerRightOrNotNow(2, directory);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldAnswerRightOrNotNowWithThreeNodes(@TempDir Path directory) throws Exception {
    answerRightOrNotNow(3, directory);
  }

  private static void answerRightOrNotNow(int count, Path directory) throws Exception {
    List<Node> nodes = new ArrayList<>();
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerSettings.in(directory.resolve("kafka")))) {
      try {
        for (int i = 0; i < count; i++) {
          nodes.add(new Node(directory, "node-" + i, broker.bootstrapServers()));
          if (i == 0) {
            nodes.getFirst().awaitReady(); // one provisions the topics
          }
        }
        nodes.forEach(Node::awaitReady);
        answerWhileTheLastGoesAndComesBack(nodes);
      } finally {
        nodes.forEach(Node::close);
      }
    }
  }

  private static void answerWhileTheLastGoesAndComesBack(List<Node> nodes) throws Exception {
    Subjects subjects = new Preparation(nodes, Callers.most(nodes.size())).subjects();
    Node killed = nodes.getLast();
    try (Callers callers = new Callers(ActionTable.of(subjects))) {
      for (Node stays : nodes.subList(0, nodes.size() - 1)) {
        callers.call(stays, nodes.indexOf(stays));
      }
      callers.during(Phase.ALL_THERE);
      killed.kill();
      // Over when the others have all that it had.
      callers.during(Phase.ONE_AWAY);
      killed.start();
      callers.during(Phase.ONE_RETURNING);
      killed.awaitReady();
      callers.call(killed, nodes.indexOf(killed));
      callers.during(Phase.ALL_BACK);
      callers.end();
      new Effects(nodes, callers, subjects).check();
    }
  }
}
