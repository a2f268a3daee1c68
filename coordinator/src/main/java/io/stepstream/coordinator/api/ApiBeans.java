package io.stepstream.coordinator.api;

import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.access.Authenticator;
import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.api.activity.ActivityActions;
import io.stepstream.coordinator.api.check.CheckActions;
import io.stepstream.coordinator.api.check.ExecutedTasks;
import io.stepstream.coordinator.api.execution.ExecutionActions;
import io.stepstream.coordinator.api.execution.HistoryTokens;
import io.stepstream.coordinator.api.machine.MachineActions;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Constraints;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.api.rest.Histories;
import io.stepstream.coordinator.api.tag.TagActions;
import io.stepstream.coordinator.api.task.TaskActions;
import io.stepstream.coordinator.api.version.VersionActions;
import io.stepstream.coordinator.audit.AuditTrail;
import io.stepstream.coordinator.definition.AslCompiler;
import io.stepstream.coordinator.definition.DefinedResources;
import io.stepstream.coordinator.execution.ActivityTasks;
import io.stepstream.coordinator.execution.ExecutionLists;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.ExpressChildren;
import io.stepstream.coordinator.execution.MapRuns;
import io.stepstream.coordinator.execution.Tasks;
import io.stepstream.coordinator.sealing.Seals;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Puts the API together. */
@Singleton
final class ApiBeans {

  /** For work that is too long for an I/O thread or must leave somebody else's thread. */
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("stepstream-api-", 0).factory());

  @Produces
  @Singleton
  PageTokens pageTokens(ApiConfig api) {
    return new PageTokens(api.pageTokenKey(), Clock.systemUTC());
  }

  @Produces
  @Singleton
  ActionRouter router(
      Executions executions,
      MapRuns mapRuns,
      ExecutionLists lists,
      ExpressChildren expressChildren,
      DefinedResources resources,
      Tasks tasks,
      TaskTokens taskTokens,
      ActivityTasks activityTasks,
      PageTokens tokens,
      AwsConfig aws,
      ApiConfig api,
      Permissions permissions,
      Optional<Authenticator> authenticator,
      AuditTrail trail,
      Seals seals) {
    Clock clock = Clock.systemUTC();
    List<Action> actions = new ArrayList<>();
    actions.addAll(
        MachineActions.all(
            resources.machines(),
            executions,
            tokens,
            new AslCompiler(),
            aws::stateMachineArn,
            seals,
            executor));
    actions.addAll(VersionActions.all(resources, tokens));
    actions.addAll(ActivityActions.all(resources.activities(), tokens, aws::activityArn, seals));
    actions.addAll(TagActions.all(resources.tags()));
    ExecutedTasks tested =
        new ExecutedTasks(resources.machines(), executions, aws::stateMachineArn, clock);
    actions.addAll(CheckActions.all(aws.stateTester(tested), clock, executor));
    actions.addAll(
        ExecutionActions.all(
            executions,
            mapRuns,
            lists,
            expressChildren,
            resources.machines(),
            tokens,
            seals,
            clock));
    actions.addAll(
        TaskActions.all(
            tasks, taskTokens, activityTasks, resources.activities(), api.activityWait()));
    return new ActionRouter(
        actions,
        Constraints.load(),
        new ActionAccess(
            permissions,
            new ActionDemands(aws, taskTokens),
            new KeyDemands(seals, taskTokens),
            trail),
        new Forwarder(executor, authenticator.map(Authenticator::nodeCalls)),
        executor,
        ActionRouter.LONGEST_MOVE);
  }

  @Produces
  @Singleton
  Histories histories(
      ActionRouter router, PageTokens tokens, Permissions permissions, Seals seals) {
    return new RoutedHistories(router, new HistoryTokens(tokens), permissions, seals);
  }

  @PreDestroy
  void close() {
    executor.shutdown();
  }
}
