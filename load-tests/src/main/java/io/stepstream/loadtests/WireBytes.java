package io.stepstream.loadtests;

/**
 * Bytes between brokers and all their clients, with the protocol's own: requests and answers of
 * every kind, those of the load generator and of idle clients too.
 *
 * @param received by brokers
 * @param sent by brokers
 */
record WireBytes(double received, double sent) {

  WireBytes since(WireBytes earlier) {
    return new WireBytes(received - earlier.received, sent - earlier.sent);
  }

  WireBytes per(long count) {
    return new WireBytes(received / count, sent / count);
  }
}
