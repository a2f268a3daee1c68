package io.stepstream.coordinator.gate;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Reads the body of a request within bounds of size and time, before anybody knows who sends it. On
 * the request's event loop.
 */
final class RequestBody {

  private final RoutingContext context;
  private final long mostBytes;
  private final Consumer<Buffer> whole;
  private final Consumer<Failure> failed;
  private final Buffer body = Buffer.buffer();
  private final long timer;
  private boolean over;

  enum Failure {
    TOO_LARGE,
    TOO_SLOW,
    BROKEN_OFF
  }

  private RequestBody(
      RoutingContext context,
      long mostBytes,
      Duration patience,
      Consumer<Buffer> whole,
      Consumer<Failure> failed) {
    this.context = context;
    this.mostBytes = mostBytes;
    this.whole = whole;
    this.failed = failed;
    this.timer = context.vertx().setTimer(patience.toMillis(), _ -> end(Failure.TOO_SLOW));
  }

  /** One of the two is told, once. */
  static void read(
      RoutingContext context,
      long mostBytes,
      Duration patience,
      Consumer<Buffer> whole,
      Consumer<Failure> failed) {
    HttpServerRequest request = context.request();
    if (request.isEnded()) {
      whole.accept(Buffer.buffer());
      return;
    }
    RequestBody reading = new RequestBody(context, mostBytes, patience, whole, failed);
    request.handler(reading::take);
    request.exceptionHandler(_ -> reading.end(Failure.BROKEN_OFF));
    request.endHandler(_ -> reading.end());
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      context.response().writeContinue();
    }
  }

  private void take(Buffer chunk) {
    if (over) {
      return;
    }
    if (body.length() + chunk.length() > mostBytes) {
      end(Failure.TOO_LARGE);
    } else {
      body.appendBuffer(chunk);
    }
  }

  private void end() {
    if (finish()) {
      whole.accept(body);
    }
  }

  private void end(Failure failure) {
    if (finish()) {
      failed.accept(failure);
    }
  }

  private boolean finish() {
    if (over) {
      return false;
    }
    over = true;
    context.vertx().cancelTimer(timer);
    return true;
  }
}
