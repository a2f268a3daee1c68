package io.stepstream.coordinator.api.rest;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * The client of a stream of events.
 *
 * @param heartbeat how often it is told that the stream is alive
 */
record Connection(Vertx vertx, HttpServerResponse response, Duration heartbeat) {}
