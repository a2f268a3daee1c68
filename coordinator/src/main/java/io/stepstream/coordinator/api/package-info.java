/**
 * The AWS Step Functions API: AWS JSON 1.0 on {@code POST /}.
 *
 * <p>{@link io.stepstream.coordinator.api.StepFunctionsResource} takes bytes off the wire, {@link
 * io.stepstream.coordinator.api.ActionRouter} finds the action and checks the request against AWS's
 * model before the action sees it, and one small class per action does the rest. What a caller can
 * get wrong is a {@link io.stepstream.coordinator.api.protocol.Answer.Refusal}; an exception is a
 * bug or an outage and never shows a stack trace to the caller.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.api;
