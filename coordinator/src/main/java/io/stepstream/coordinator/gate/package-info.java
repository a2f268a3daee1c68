/**
 * The one door before all routes, where authentication is configured: who isn't known, or calls
 * what isn't known, gets no further, whatever the route behind would have said (ADR 0052).
 *
 * <p>A handler of its own and not Quarkus' authentication, because a signature covers the body,
 * which Quarkus' mechanisms don't have, and because not all routes are JAX-RS's. Invariant INV-28:
 * without credentials nothing is answered but what {@link OpenRoutes} lists.
 */
@NullMarked
package io.stepstream.coordinator.gate;

import org.jspecify.annotations.NullMarked;
