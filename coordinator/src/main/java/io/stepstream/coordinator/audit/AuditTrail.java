package io.stepstream.coordinator.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.access.Caller;
import io.stepstream.coordinator.access.Origin;
import io.stepstream.coordinator.access.RequestRates;
import io.stepstream.schemas.AuditEvent;
import io.stepstream.schemas.AuditIdentity;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes events of calls. Thread safe. */
public final class AuditTrail {

  /** CloudTrail's. */
  private static final String VERSION = "1.11";

  private static final int LONGEST_TEXT = 1024;
  private static final int LONGEST_NAME = 64;

  /** What strangers may write into the topic in a second: they must not fill a disk. */
  private static final int STRANGERS_PER_SECOND = 100;

  private final Audit audit;
  private final String region;
  private final String account;
  private final InstantSource clock;
  private final RequestRates strangers =
      new RequestRates(STRANGERS_PER_SECOND, 10 * STRANGERS_PER_SECOND, System::nanoTime);

  public AuditTrail(Audit audit, String region, String account, InstantSource clock) {
    this.audit = audit;
    this.region = region;
    this.account = account;
    this.clock = clock;
  }

  /** Where no authentication is configured. */
  public static AuditTrail none() {
    return new AuditTrail(Audit.NONE, "", "", InstantSource.system());
  }

  /** Whether anybody takes events: to make one is not for nothing. */
  public boolean isKept() {
    return audit != Audit.NONE;
  }

  /** What was called. */
  public record Call(
      String source,
      String name,
      boolean readOnly,
      @Nullable JsonNode parameters,
      String requestId) {

    /** An action of AWS's API. */
    public static Call ofAction(String name, @Nullable JsonNode parameters, String requestId) {
      // Whatever a stranger has put into the header.
      String named = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
      return new Call(
          "states.amazonaws.com", named, ReadOnly.isAction(named), parameters, requestId);
    }
  }

  /** How it ended: with an answer, or with an error. */
  public record End(
      @Nullable JsonNode response, @Nullable String errorCode, @Nullable String errorMessage) {

    public static End success(@Nullable JsonNode response) {
      return new End(response, null, null);
    }

    public static End error(String code, @Nullable String message) {
      return new End(null, code, message);
    }
  }

  /** A call by somebody who is known. */
  public void record(Origin origin, Call call, End end) {
    Caller caller = origin.caller();
    String key = caller.credentialId();
    record(
        new AuditIdentity(
            caller.isNamedByProvider() ? "WebIdentityUser" : "IAMUser",
            caller.arn(),
            account,
            caller.name(),
            key.isEmpty() ? null : key),
        origin.address(),
        origin.userAgent(),
        call,
        end);
  }

  /** A call that was refused, since nobody knows who sent it. */
  public void recordStranger(
      @Nullable String address, @Nullable String userAgent, Call call, End end) {
    if (strangers.admits(Caller.ANYONE)) {
      record(
          new AuditIdentity("Unknown", null, account, null, null), address, userAgent, call, end);
    }
  }

  private void record(
      AuditIdentity identity,
      @Nullable String address,
      @Nullable String userAgent,
      Call call,
      End end) {
    audit.record(
        AuditEvent.newBuilder()
            .setEventVersion(VERSION)
            .setEventID(UUID.randomUUID().toString())
            .setEventTime(clock.instant().truncatedTo(ChronoUnit.MILLIS))
            .setEventSource(call.source())
            .setEventName(call.name())
            .setAwsRegion(region)
            .setRecipientAccountId(account)
            .setUserIdentity(identity)
            .setSourceIPAddress(address)
            .setUserAgent(shortened(userAgent))
            .setRequestParameters(Redaction.text(call.parameters()))
            .setResponseElements(Redaction.text(end.response()))
            .setErrorCode(end.errorCode())
            .setErrorMessage(shortened(end.errorMessage()))
            .setRequestID(call.requestId())
            .setReadOnly(call.readOnly())
            .build());
  }

  private static @Nullable String shortened(@Nullable String text) {
    return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }

  /** Which actions change nothing. */
  static final class ReadOnly {
    private static final Set<String> BEGINNINGS = Set.of("Describe", "List", "Validate");

    private ReadOnly() {}

    /** What isn't known to be one is taken for one that changes something. */
    static boolean isAction(String name) {
      return BEGINNINGS.stream().anyMatch(name::startsWith) || name.equals("GetExecutionHistory");
    }
  }
}
