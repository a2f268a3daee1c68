/**
 * Serves the web console: static files from the class path, built by the module {@code console}.
 * What the console does it does through the API, as any other client; there is nothing here that
 * only it could call.
 *
 * <p>A browser is also the one client that pages of others can make act, so {@link BrowserGuard}
 * stands before everything a browser may ask for.
 */
@NullMarked
package io.stepstream.coordinator.console;

import org.jspecify.annotations.NullMarked;
