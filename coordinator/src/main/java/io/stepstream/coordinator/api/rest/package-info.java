/**
 * What AWS's API does not have, as plain HTTP under {@code /api}: search and live events.
 *
 * <p>What a caller gets wrong is answered by a {@link io.stepstream.coordinator.api.rest.Problem}
 * that says what, where, and how to mend it. All of it reads only, so no request of a browser that
 * was led here by another site changes anything, and without CORS headers its page can't read the
 * answer.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.api.rest;
