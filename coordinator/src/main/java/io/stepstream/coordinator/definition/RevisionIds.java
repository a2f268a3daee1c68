package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineRevision;
import org.jspecify.annotations.Nullable;

/** Ids of revisions as callers know them. */
public final class RevisionIds {

  /** AWS: what a caller names the revision of a machine by that has never been updated. */
  public static final String INITIAL = "INITIAL";

  private RevisionIds() {}

  /** Null: AWS names no revision of a machine that has never been updated. */
  public static @Nullable String told(StateMachineRevision revision) {
    return revision.getUpdateDate().isAfter(revision.getCreationDate())
        ? revision.getRevisionId()
        : null;
  }

  static String named(StateMachineRevision revision) {
    String told = told(revision);
    return told == null ? INITIAL : told;
  }
}
