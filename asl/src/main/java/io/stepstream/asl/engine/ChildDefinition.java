package io.stepstream.asl.engine;

import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.StateMachine;
import java.util.Optional;

/** What the child executions of a distributed Map run, found by the machine that they name. */
public final class ChildDefinition {

  private ChildDefinition() {}

  /**
   * The processor of the Map state whose label the machine's ARN ends in.
   *
   * @param definition of the machine, in the revision that the execution runs
   * @param childMachineArn {@code arn:…:stateMachine:machine/label}
   * @return empty: the definition has no such Map state
   */
  public static Optional<Flow> of(StateMachine definition, String childMachineArn) {
    int slash = childMachineArn.indexOf('/');
    return slash < 0
        ? Optional.empty()
        : find(definition.flow(), childMachineArn.substring(0, slash), childMachineArn);
  }

  /**
   * @param machineArn of the executions that run this flow: a label that is made up depends on it
   */
  private static Optional<Flow> find(Flow flow, String machineArn, String wanted) {
    return flow.states().values().stream()
        .map(
            state ->
                switch (state) {
                  case State.Parallel parallel ->
                      parallel.branches().stream()
                          .map(branch -> find(branch, machineArn, wanted))
                          .flatMap(Optional::stream)
                          .findFirst();
                  case State.MapState map when map.distributed() != null -> {
                    int slash = machineArn.indexOf('/');
                    String plain = slash < 0 ? machineArn : machineArn.substring(0, slash);
                    String children = plain + '/' + MapRunNames.label(machineArn, flow, map);
                    yield children.equals(wanted)
                        ? Optional.of(map.processor())
                        : find(map.processor(), children, wanted);
                  }
                  case State.MapState map -> find(map.processor(), machineArn, wanted);
                  case State.Pass _,
                      State.Task _,
                      State.Choice _,
                      State.Wait _,
                      State.Succeed _,
                      State.Fail _ ->
                      Optional.<Flow>empty();
                })
        .flatMap(Optional::stream)
        .findFirst();
  }
}
