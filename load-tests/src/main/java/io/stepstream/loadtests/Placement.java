package io.stepstream.loadtests;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;

/** Which coordinator has how many partitions of a lane's inbox. */
final class Placement {

  private Placement() {}

  /**
   * A member of the lane's group.
   *
   * @param instance its static name, empty if it has none
   * @param partitions of the inbox
   */
  record Member(String instance, int partitions) {}

  /** The members of a group that isn't in the middle of a rebalance, else nothing. */
  static List<Member> members(Admin admin, String group, String inbox) throws InterruptedException {
    try {
      ConsumerGroupDescription description =
          admin.describeConsumerGroups(List.of(group)).all().get().get(group);
      List<Member> members = new ArrayList<>();
      if (description.groupState() == GroupState.STABLE) {
        for (MemberDescription member : description.members()) {
          long partitions =
              member.assignment().topicPartitions().stream()
                  .filter(partition -> partition.topic().equals(inbox))
                  .count();
          members.add(new Member(member.groupInstanceId().orElse(""), (int) partitions));
        }
      }
      return members;
    } catch (ExecutionException e) {
      throw new BenchFailure(
          "The group %s can't be looked at: %s".formatted(group, e.getCause().getMessage()), e);
    }
  }

  /**
   * Whether all partitions are on those nodes, none on others, and no node has more than one above
   * another.
   *
   * @param nodes by which their members' names tell themselves apart
   */
  static boolean isSpread(List<Member> members, Set<String> nodes, int partitions) {
    var perNode =
        members.stream()
            .collect(
                Collectors.groupingBy(
                    member ->
                        nodes.stream()
                            .filter(node -> member.instance().contains(node))
                            .findFirst()
                            .orElse(""),
                    Collectors.summingInt(Member::partitions)));
    int least = partitions / nodes.size();
    return perNode.keySet().equals(nodes)
        && perNode.values().stream().mapToInt(Integer::intValue).sum() == partitions
        && perNode.values().stream().allMatch(count -> count == least || count == least + 1);
  }
}
