package io.stepstream.dev.doctor;

import java.util.List;

/**
 * One part of what the doctor looks at.
 *
 * @param subject what is looked at, when it can't be
 */
record Examination(String subject, Look look) {

  /** Looks. */
  interface Look {
    /**
     * @throws Exception when it can't be looked at; the others are all the same
     */
    List<Finding> findings() throws Exception;
  }
}
