package io.stepstream.coordinator.sealing;

import io.stepstream.schemas.sealing.SealPolicy;
import org.jspecify.annotations.Nullable;

/** What definitions say of encryption, as far as they are known now. Thread safe. */
public interface SealPolicies {

  /** Of installations where nothing is ever sealed. */
  SealPolicies NONE =
      new SealPolicies() {
        @Override
        public boolean areAny() {
          return false;
        }

        @Override
        public boolean isKnown(String stateMachineArn, String revisionId) {
          return true;
        }

        @Override
        public @Nullable SealPolicy ofRevision(String stateMachineArn, String revisionId) {
          return null;
        }

        @Override
        public @Nullable SealPolicy ofMachine(String stateMachineArn) {
          return null;
        }

        @Override
        public @Nullable SealPolicy ofActivity(String activityArn) {
          return null;
        }
      };

  /** Whether any machine or activity names a key. */
  boolean areAny();

  /** Whether the revision has been read. */
  boolean isKnown(String stateMachineArn, String revisionId);

  /** Null: the revision names no key. */
  @Nullable SealPolicy ofRevision(String stateMachineArn, String revisionId);

  /** Of the latest revision that names a key, since its executions may run; null: none does. */
  @Nullable SealPolicy ofMachine(String stateMachineArn);

  /** Null: the activity names no key, or there is none. */
  @Nullable SealPolicy ofActivity(String activityArn);
}
