package io.stepstream.coordinator.gate;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.ByteArrayInputStream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Hands a body that the gate has read on to JAX-RS, which would wait for it in vain. */
final class ReadBodies {

  @ServerRequestFilter(preMatching = true)
  void handOn(ContainerRequestContext request, RoutingContext context) {
    Buffer read = context.body() == null ? null : context.body().buffer();
    if (read != null) {
      request.setEntityStream(new ByteArrayInputStream(read.getBytes()));
    }
  }
}
