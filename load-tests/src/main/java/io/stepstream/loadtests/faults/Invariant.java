package io.stepstream.loadtests.faults;

/** What is checked from outside, by the numbers of the simulation's violations. */
enum Invariant {
  I1("what was acknowledged has begun, and comes to its end"),
  I2("one terminal event and one completion per life of an execution"),
  I3("event ids without gaps, causes first, time that does not go back, states left as entered"),
  I4("one order per attempt, and one result"),
  I5("a name is given away once, and gives the same answer again"),
  I6("no timer fires before its time"),
  I7("an attempt is not run more often than its order may be delivered"),
  I8("status and output are what the machine makes of its input"),
  I9("lists, descriptions and histories of the API tell what the topics do, on every node"),
  I10("when all is healed, each node starts and ends executions of each partition"),
  I11("poison is put aside with a reason, and restarts nobody"),
  I13("under a steady load nothing grows but data");

  private final String meaning;

  Invariant(String meaning) {
    this.meaning = meaning;
  }

  String meaning() {
    return meaning;
  }
}
