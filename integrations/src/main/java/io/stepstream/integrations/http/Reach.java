package io.stepstream.integrations.http;

import io.stepstream.worker.handler.TaskFailedException;
import java.net.UnknownHostException;
import org.eclipse.microprofile.config.Config;

/**
 * Where calls over https may lead, for clients that connect by themselves. They look a host up
 * again: all of its addresses are judged before each call, and the JVM gives them the same for half
 * a minute (its {@code networkaddress.cache.ttl}, which a positive value must keep).
 */
public final class Reach {

  private final AddressGuard guard;

  /** By {@code stepstream.http.allowed-networks}. */
  public Reach(Config config) {
    this(HttpSettings.of(config));
  }

  Reach(HttpSettings settings) {
    this.guard = new AddressGuard(settings.allowed(), true, settings.lookup());
  }

  /**
   * A host that isn't known passes: whoever connects will find that out.
   *
   * @throws TaskFailedException {@code States.Permissions}: calls may not lead there
   */
  public void check(String host) {
    try {
      guard.requireAll(host);
    } catch (AddressGuard.Refused e) {
      throw new TaskFailedException("States.Permissions", e.getMessage());
    } catch (UnknownHostException _) {
      // There is nothing to reach.
    }
  }
}
