/**
 * HTTP APIs as Task states call them: {@link io.stepstream.integrations.http.HttpInvokeHandler},
 * and those of API Gateway: {@link io.stepstream.integrations.http.ApiGatewayHandler}.
 *
 * <p>Invariants. Whoever writes a definition decides on the URL, whoever runs the worker on where
 * it may lead: a name is resolved once, each address is judged, and the connection goes to an
 * address that was. Secrets are in connections, which the worker has and definitions only name;
 * they go to the hosts that their connection lists, over no redirect to another host, and are
 * struck out of what comes back. Time, redirects and sizes are bounded.
 */
@NullMarked
package io.stepstream.integrations.http;

import org.jspecify.annotations.NullMarked;
