package io.stepstream.coordinator.trigger;

import io.stepstream.coordinator.definition.DefinedResources;
import io.stepstream.coordinator.definition.Triggers;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.schemas.TopicTrigger;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The triggers of a node: readers come and go as the definitions say, on all nodes alike.
 *
 * <p>A deleted trigger's group is deleted by whichever node finds it without members first. What
 * would be left if all nodes died before that does no harm: a trigger's offsets carry its id.
 */
public final class TriggerNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TriggerNode.class);

  private static final Duration EVERY = Duration.ofMillis(250);

  /** How often it is looked whether a deleted trigger's group has no members any more: a minute. */
  private static final int LOOKS_FOR_GROUP = 240;

  private final Triggers triggers;
  private final Function<String, Consumer<byte[], byte[]>> consumers;
  private final Letters letters;
  private final Admin admin;
  private final SchemaRegistry registry;
  private final PayloadKeys keys;
  private final TriggerStarts starts;
  private final Clock clock;
  private final TopicTriggers topicTriggers;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("stepstream-triggers").factory());

  // Of the timer's thread, and of close() when that is over.
  private final Map<String, TriggerReader> readers = new HashMap<>();
  private final Map<String, Integer> deleted = new HashMap<>();
  private Set<String> known = new HashSet<>();

  /**
   * A node's triggers, which work when {@link #start} is called.
   *
   * @param consumers make a consumer of a group that resets no offsets itself
   * @param producer for dead letters; closed with this
   * @param admin closed with this
   * @param registryServed whether the registry has schemas of others, and so Avro can be read
   * @param keys open completions of machines that name one
   */
  public TriggerNode(
      DefinedResources resources,
      Executions executions,
      Function<String, Consumer<byte[], byte[]>> consumers,
      Producer<byte[], byte[]> producer,
      Admin admin,
      SchemaRegistry registry,
      boolean registryServed,
      PayloadKeys keys,
      Clock clock) {
    this.triggers = resources.triggers();
    this.consumers = consumers;
    this.letters = new Letters(producer);
    this.admin = admin;
    this.registry = registry;
    this.starts = new TriggerStarts(resources.machines(), executions);
    this.keys = keys;
    this.clock = clock;
    this.topicTriggers =
        new TopicTriggers(
            triggers,
            resources.machines(),
            new KafkaTriggerCluster(admin, executor),
            registryServed);
  }

  /** The consumer group of a trigger. */
  public static String group(String trigger) {
    return Topics.TRIGGER_GROUP_PREFIX + trigger;
  }

  public void start() {
    timer.scheduleWithFixedDelay(
        this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What callers do with triggers. */
  public TopicTriggers triggers() {
    return topicTriggers;
  }

  private void look() {
    try {
      List<TopicTrigger> wanted = triggers.known();
      closeAll(
          readers.values().stream().filter(reader -> !wanted.contains(reader.trigger())).toList());
      for (TopicTrigger trigger : wanted) {
        if (!readers.containsKey(trigger.getName())) {
          open(trigger);
        }
      }
      Set<String> names = new HashSet<>();
      wanted.forEach(trigger -> names.add(trigger.getName()));
      known.stream().filter(name -> !names.contains(name)).forEach(name -> deleted.put(name, 0));
      deleted.keySet().removeAll(names);
      known = names;
      deleteGroups();
    } catch (RuntimeException e) {
      LOG.error("Triggers are looked at again", e);
    }
  }

  private void open(TopicTrigger trigger) {
    switch (TriggerRules.of(trigger)) {
      case TriggerRules.Compilation.Invalid(String member, String reason) ->
          // It was checked when it was defined: it is of another release.
          LOG.error(
              "Trigger {} can't run: its {} is invalid: {}", trigger.getName(), member, reason);
      case TriggerRules.Compilation.Compiled(TriggerRules rules) -> {
        TriggerReader reader =
            new TriggerReader(
                trigger,
                () -> consumers.apply(group(trigger.getName())),
                treatment(trigger, rules),
                clock);
        readers.put(trigger.getName(), reader);
        reader.start();
      }
    }
  }

  private Treatment treatment(TopicTrigger trigger, TriggerRules rules) {
    RecordValues values = new RecordValues(registry, keys);
    return new Treatment() {
      @Override
      public RecordVerdict judge(ConsumerRecord<byte[], byte[]> record) {
        return rules.judge(record, values);
      }

      @Override
      public Optional<CompletableFuture<StartResult>> start(
          ConsumerRecord<byte[], byte[]> record, RecordVerdict.Start start) {
        return starts.start(trigger, record, start);
      }

      @Override
      public CompletableFuture<Void> bury(ConsumerRecord<byte[], byte[]> record, String reason) {
        return letters.put(trigger.getName(), record, reason);
      }
    };
  }

  private void closeAll(List<TriggerReader> closing) {
    List<CompletableFuture<Void>> closed = new ArrayList<>();
    for (TriggerReader reader : closing) {
      readers.remove(reader.trigger().getName());
      closed.add(CompletableFuture.runAsync(reader::close, executor));
    }
    closed.forEach(CompletableFuture::join);
  }

  private void deleteGroups() {
    deleted.replaceAll((_, looks) -> looks + 1);
    deleted.keySet().removeIf(this::isGroupDeleted);
    deleted.values().removeIf(looks -> looks > LOOKS_FOR_GROUP);
  }

  private boolean isGroupDeleted(String trigger) {
    try {
      admin.deleteConsumerGroups(List.of(group(trigger))).all().get();
      return true;
    } catch (ExecutionException e) {
      // It has members that have not heard yet; or another node was faster.
      return e.getCause() instanceof GroupIdNotFoundException;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      timer.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    closeAll(List.copyOf(readers.values()));
    executor.shutdown();
    letters.close();
    admin.close(Duration.ofSeconds(2));
  }
}
