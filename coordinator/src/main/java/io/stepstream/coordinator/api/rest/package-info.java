/**
 * What AWS's API does not have, as plain HTTP under {@code /api}: search, live events, triggers.
 *
 * <p>What a caller gets wrong is answered by a {@link io.stepstream.coordinator.api.rest.Problem}
 * that says what, where, and how to mend it. What changes something needs a method or a type of
 * body for which a browser asks first, so no request of one that was led here by another site
 * changes anything; and without CORS headers its page can't read an answer.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.api.rest;
