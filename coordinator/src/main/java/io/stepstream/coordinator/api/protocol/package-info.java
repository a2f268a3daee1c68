/**
 * What all actions share: requests and answers in AWS JSON 1.0, the constraints of AWS's model, the
 * errors in AWS's codes and wording, ARNs, names and page tokens.
 *
 * <p>Nothing here does I/O or knows an action.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.api.protocol;
