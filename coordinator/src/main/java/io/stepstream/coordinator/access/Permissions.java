package io.stepstream.coordinator.access;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one place that says whether somebody may do something. Thread safe, and fast enough for a
 * stream thread: everything is in memory.
 */
public final class Permissions {

  private final @Nullable Supplier<Policies> policies;

  private Permissions(@Nullable Supplier<Policies> policies) {
    this.policies = policies;
  }

  /** Where no authentication is configured, everybody may do everything. */
  public static Permissions open() {
    return new Permissions(null);
  }

  static Permissions of(Supplier<Policies> policies) {
    return new Permissions(policies);
  }

  /** Whether everybody may do everything, so that nobody need be asked. */
  public boolean isOpen() {
    return policies == null;
  }

  /** Null: the caller may. Otherwise AWS's message, which says who may not do what to what. */
  public @Nullable String refusal(Caller caller, Demand demand) {
    if (policies == null || caller.kind() == Caller.Kind.NODE) {
      return null;
    }
    // Whoever it is that isn't known has no policies, and may do nothing.
    return message(caller.arn(), demand, policies.get().ofUser(caller, demand));
  }

  /** The same of the role of a state machine, for what its executions do. */
  public @Nullable String refusal(String roleArn, Demand demand) {
    return policies == null
        ? null
        : message(roleArn, demand, policies.get().ofRole(roleArn, demand));
  }

  private static @Nullable String message(String arn, Demand demand, Policies.Verdict verdict) {
    return switch (verdict) {
      case ALLOWED -> null;
      case NOT_ALLOWED ->
          "User: %s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action"
              .formatted(arn, demand.action(), demand.resource(), demand.action());
      case DENIED ->
          "User: %s is not authorized to perform: %s on resource: %s with an explicit deny in an identity-based policy"
              .formatted(arn, demand.action(), demand.resource());
    };
  }
}
