package io.stepstream.coordinator.definition;

import io.stepstream.schemas.AliasRoute;
import io.stepstream.schemas.StartedBy;
import io.stepstream.schemas.StateMachineAlias;
import io.stepstream.schemas.StateMachineRevision;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What a start by the ARN of a machine, a version or an alias comes to. */
public sealed interface Startable {

  /**
   * The revision that the execution is to run.
   *
   * @param offset whoever has read that far of the definitions knows the revision
   * @param startedBy null: the machine itself was named
   */
  record Revision(StateMachineRevision revision, long offset, @Nullable StartedBy startedBy)
      implements Startable {}

  /** The machine is being deleted. */
  record Deleting() implements Startable {}

  /** Empty: there is no such machine, version or alias. */
  static Optional<Startable> of(DefinitionIndex index, String arn) {
    MachineRef ref = MachineRef.of(arn);
    if (MachineChanges.isDeleting(index, ref.machineArn())) {
      return Optional.of(new Deleting());
    }
    if (ref.qualifier() == null) {
      return index
          .current(ref.machineArn())
          .map(defined -> new Revision(defined.value(), defined.offset(), null));
    }
    Integer version = ref.version();
    return version != null
        ? ofVersion(index, ref.machineArn(), version, null)
        : index
            .alias(ref.machineArn(), ref.qualifier())
            .flatMap(
                alias ->
                    ofVersion(
                        index, ref.machineArn(), route(alias.value()), alias.value().getName()));
  }

  private static Optional<Startable> ofVersion(
      DefinitionIndex index, String machineArn, int number, @Nullable String alias) {
    return index
        .version(machineArn, number)
        .flatMap(
            version ->
                index
                    .revision(machineArn, version.value().getRevisionId())
                    .map(
                        revision ->
                            new Revision(
                                revision, version.offset(), new StartedBy(number, alias))));
  }

  /** AWS: at random for each start, by the weights. */
  private static int route(StateMachineAlias alias) {
    int left = ThreadLocalRandom.current().nextInt(100);
    for (AliasRoute route : alias.getRoutes()) {
      left -= route.getWeight();
      if (left < 0) {
        return route.getVersion();
      }
    }
    return alias.getRoutes().getLast().getVersion();
  }
}
