package io.stepstream.dev.doctor;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What was looked at, and how it is.
 *
 * @param subject what kind of thing: topic, node, queue, clock
 * @param where which one
 * @param what how it is, as a clause
 * @param detail what another system says about it; null: nothing. For whoever asked, not for others
 * @param mend what to do about it; null: nothing
 * @param runbook the page that says more; null: none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(
    Severity severity,
    String subject,
    String where,
    String what,
    @Nullable String detail,
    @Nullable String mend,
    @Nullable Runbook runbook) {

  /** From good to bad. */
  public enum Severity {
    OK,

    /** It couldn't be looked at. */
    UNKNOWN,

    /** It works, and will not for long, or not as well as it could. */
    WARNING,

    /** Something doesn't work. */
    FAULT
  }

  public Finding {
    requireNonNull(severity, "severity");
    requireNonNull(subject, "subject");
    requireNonNull(where, "where");
    requireNonNull(what, "what");
  }

  static Finding ok(String subject, String where, String what) {
    return new Finding(Severity.OK, subject, where, what, null, null, null);
  }

  static Finding unknown(String subject, String where, String what, @Nullable String detail) {
    return new Finding(Severity.UNKNOWN, subject, where, what, detail, null, null);
  }

  static Finding warning(String subject, String where, String what, String mend) {
    return new Finding(Severity.WARNING, subject, where, what, null, mend, null);
  }

  static Finding fault(String subject, String where, String what, String mend) {
    return new Finding(Severity.FAULT, subject, where, what, null, mend, null);
  }

  Finding with(Runbook page) {
    return new Finding(severity, subject, where, what, detail, mend, page);
  }

  Finding saying(@Nullable String told) {
    return new Finding(severity, subject, where, what, told, mend, runbook);
  }

  /** Without what another system has said. */
  Finding withoutDetail() {
    return saying(null);
  }

  /** Whether somebody has to do something. */
  @JsonIgnore
  public boolean isBad() {
    return severity == Severity.WARNING || severity == Severity.FAULT;
  }
}
