package io.stepstream.loadtests;

/** Reads what a run uses: this process and the broker's. */
final class Meter {

  private final BrokerProcess broker;

  Meter(BrokerProcess broker) {
    this.broker = broker;
  }

  /** Asks the broker, which takes milliseconds. */
  Usage read() {
    return new Usage(CpuTime.seconds() + broker.cpuSeconds(), broker.wire());
  }
}
