package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.ExecutionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A canary that can't die proves nothing: each violation of I10 once. */
final class CanariesTest {

  private static final int NODES = 2;

  private final List<String> found = new ArrayList<>();
  private final Queue<String> sent = new ConcurrentLinkedQueue<>();
  private final Canaries canaries = new Canaries(Duration.ofSeconds(3));

  /** In which all is well. */
  private class Clean implements Canaries.Air {
    @Override
    public int nodes() {
      return NODES;
    }

    @Override
    public String prefix() {
      return "c-";
    }

    @Override
    public String machine() {
      return "arn:aws:states:us-east-1:000000000000:stateMachine:m";
    }

    @Override
    public Optional<Start> start(int node, String name, Duration longest) {
      sent.add(node + "/" + partition(name));
      Expected expected = Expected.succeeded(Api.request());
      return Optional.of(new Start(Lane.STANDARD, machine(), name, expected, "F-01", true));
    }

    int partition(String name) {
      return ExecutionKey.of(Start.arn(machine(), name)).partition(Cluster.PARTITIONS);
    }

    @Override
    public boolean awaitEnded(List<Start> starts, Duration longest) {
      return starts.stream().allMatch(this::hasEnded);
    }

    @Override
    public boolean hasEnded(Start start) {
      return true;
    }

    @Override
    public void violated(String subject, String what) {
      found.add(subject + ": " + what);
    }
  }

  @Test
  void shouldBeSentByEachNodeToEachPartition() throws Exception {
    canaries.send(new Clean());
    assertThat(sent)
        .containsExactlyInAnyOrder("0/0", "0/1", "0/2", "0/3", "1/0", "1/1", "1/2", "1/3");
    assertThat(found).isEmpty();
  }

  @Test
  void shouldHaveANameOfItsOwnEach() throws Exception {
    List<String> names = new ArrayList<>();
    Clean air =
        new Clean() {
          @Override
          public Optional<Start> start(int node, String name, Duration longest) {
            synchronized (names) {
              names.add(name);
            }
            return super.start(node, name, longest);
          }
        };
    canaries.send(air);
    canaries.send(air);
    assertThat(names).hasSize(2 * NODES * Cluster.PARTITIONS).doesNotHaveDuplicates();
  }

  @Test
  void shouldNoticeANodeThatStartsNothingInAPartition() throws Exception {
    canaries.send(
        new Clean() {
          @Override
          public Optional<Start> start(int node, String name, Duration longest) {
            return node == 1 && partition(name) == 2
                ? Optional.empty()
                : super.start(node, name, longest);
          }
        });
    assertThat(found)
        .containsExactly("node-2: it starts nothing in partition 2, 3 s after all was healed");
  }

  @Test
  void shouldNoticeAnExecutionThatDoesNotEnd() throws Exception {
    canaries.send(
        new Clean() {
          @Override
          public boolean hasEnded(Start start) {
            return partition(start.name()) != 3;
          }
        });
    assertThat(found)
        .hasSize(NODES)
        .allSatisfy(
            each -> assertThat(each).startsWith("c-canary-1-").contains("has not ended 3 s after"));
  }
}
