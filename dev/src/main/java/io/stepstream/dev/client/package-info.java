/**
 * A client of the Step Functions API which is as small as the command line needs: AWS JSON 1.0 over
 * HTTP.
 *
 * <p>Invariant: what the service refuses is an {@link io.stepstream.dev.client.ApiError} with the
 * service's code; an {@link java.io.IOException} means that nobody answered.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.client;
