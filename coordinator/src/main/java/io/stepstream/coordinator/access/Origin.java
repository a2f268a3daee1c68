package io.stepstream.coordinator.access;

import org.jspecify.annotations.Nullable;

/**
 * Where a call comes from.
 *
 * @param handedOn by another node, which has let it in, counted and audited it
 * @param address of the other end of the connection; null: there is none
 * @param userAgent as the client says
 */
public record Origin(
    Caller caller, boolean handedOn, @Nullable String address, @Nullable String userAgent) {

  /** Under which a request that was let in carries it. */
  public static final String KEY = "stepstream.origin";

  /** The application itself. */
  public static final Origin NODE = new Origin(Caller.NODE, false, null, null);

  /** Where no authentication is configured. */
  public static Origin anyone(boolean handedOn) {
    return new Origin(Caller.ANYONE, handedOn, null, null);
  }
}
