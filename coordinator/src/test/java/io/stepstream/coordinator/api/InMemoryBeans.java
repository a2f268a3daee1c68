package io.stepstream.coordinator.api;

import io.quarkus.test.Mock;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.audit.InMemoryAudit;
import io.stepstream.coordinator.bulk.InMemoryBulk;
import io.stepstream.coordinator.cluster.InMemoryCluster;
import io.stepstream.coordinator.deadletter.InMemoryDeadLetters;
import io.stepstream.coordinator.definition.AslCompiler;
import io.stepstream.coordinator.definition.DefinedResources;
import io.stepstream.coordinator.definition.DefinitionsInMemory;
import io.stepstream.coordinator.execution.ExpressChildren;
import io.stepstream.coordinator.execution.InMemoryExecutions;
import io.stepstream.coordinator.execution.InMemoryLists;
import io.stepstream.coordinator.execution.InMemoryLive;
import io.stepstream.coordinator.execution.InMemoryMapRuns;
import io.stepstream.coordinator.execution.InMemoryTasks;
import io.stepstream.coordinator.index.SearchableExecutions;
import io.stepstream.coordinator.ops.Readiness;
import io.stepstream.coordinator.queue.InMemoryQueues;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.coordinator.trigger.InMemoryTriggerCluster;
import io.stepstream.coordinator.trigger.TopicTriggers;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The ports of the API without a broker. */
@Singleton
final class InMemoryBeans {

  static final class Switch implements Readiness {
    volatile boolean ready = true;

    @Override
    public String name() {
      return "switch";
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("position", ready ? "on" : "off");
    }
  }

  @Produces
  @Mock
  @Singleton
  InMemoryExecutions executions() {
    return new InMemoryExecutions();
  }

  @Produces
  @Mock
  @Singleton
  InMemoryMapRuns mapRuns() {
    return new InMemoryMapRuns();
  }

  @Produces
  @Mock
  @Singleton
  InMemoryLists lists() {
    return new InMemoryLists();
  }

  /** There are none. */
  @Produces
  @Mock
  @Singleton
  ExpressChildren expressChildren() {
    return _ -> CompletableFuture.completedFuture(Optional.empty());
  }

  @Produces
  @Mock
  @Singleton
  SearchableExecutions search() throws IOException {
    return new SearchableExecutions(Files.createTempDirectory("stepstream-index"));
  }

  @Produces
  @Mock
  @Singleton
  InMemoryLive live() {
    return new InMemoryLive();
  }

  @Produces
  @Mock
  @Singleton
  InMemoryTasks tasks() {
    return new InMemoryTasks();
  }

  @Produces
  @Mock
  @Singleton
  InMemoryQueues queues() {
    return new InMemoryQueues();
  }

  @Produces
  @Mock
  @Singleton
  InMemoryBulk bulk() {
    return new InMemoryBulk();
  }

  @Produces
  @Mock
  @Singleton
  InMemoryCluster cluster() {
    return new InMemoryCluster();
  }

  @Produces
  @Mock
  @Singleton
  InMemoryDeadLetters deadLetters() {
    return new InMemoryDeadLetters();
  }

  @Produces
  @Mock
  @Singleton
  Seals seals() {
    return Seals.none();
  }

  @Produces
  @Mock
  @Singleton
  TaskTokens tokens() {
    return TaskTokens.unprotected();
  }

  @Produces
  @Mock
  @Singleton
  DefinedResources resources() {
    return new DefinitionsInMemory(new AslCompiler()).node().resources();
  }

  @Produces
  @Singleton
  InMemoryTriggerCluster triggerCluster() {
    return new InMemoryTriggerCluster();
  }

  @Produces
  @Mock
  @Singleton
  TopicTriggers triggers(DefinedResources resources, InMemoryTriggerCluster cluster) {
    return new TopicTriggers(resources.triggers(), resources.machines(), cluster, false);
  }

  @Produces
  @Mock
  @Singleton
  InMemoryAudit audit() {
    return new InMemoryAudit();
  }

  @Produces
  @Singleton
  Switch readiness() {
    return new Switch();
  }
}
