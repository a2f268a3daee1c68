package io.stepstream.loadtests.faults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** A burst of starts, and all of their timers are due in the same moment. */
final class Herd implements Fault {

  private static final int HERD = 300;
  private static final Duration AHEAD = Duration.ofSeconds(60);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  @Override
  public String id() {
    return "F-23";
  }

  @Override
  public String title() {
    return "%,d timers due at once".formatted(HERD);
  }

  @Override
  public String criterion() {
    return "all have ended 30 s after that";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    Instant until = Instant.now().plus(AHEAD).truncatedTo(ChronoUnit.SECONDS);
    List<Template.Plan> plans = new ArrayList<>();
    for (int i = 0; i < HERD; i++) {
      ObjectNode input = Api.request().put("n", i).put("until", until.toString());
      plans.add(new Template.Plan(input, Expected.succeeded(input)));
    }
    List<Start> herd = experiment.workload().startNow(Template.HERD, plans);
    experiment.say(
        "%d timers are due in %d ms"
            .formatted(herd.size(), Duration.between(Instant.now(), until).toMillis()));
    while (Instant.now().isBefore(until)) {
      experiment.pause(Duration.ofMillis(50));
    }
    if (experiment.awaitEnded(herd, LONGEST)) {
      experiment.say(
          "the last has ended after %d ms"
              .formatted(Duration.between(until, Instant.now()).toMillis()));
    } else {
      experiment.violated(
          Invariant.I6,
          "the herd",
          "not all have ended %d s after their timers".formatted(LONGEST.toSeconds()));
    }
  }
}
