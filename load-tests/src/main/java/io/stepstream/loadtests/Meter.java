package io.stepstream.loadtests;

/** Reads what a run uses. */
final class Meter {

  private final BrokerProcess broker;
  private final CpuTime cpu;

  Meter(BrokerProcess broker) {
    this.broker = broker;
    this.cpu = new CpuTime(broker.handle());
  }

  /** Asks the broker, which takes milliseconds. */
  Usage read() {
    return new Usage(cpu.seconds(), broker.wire());
  }
}
